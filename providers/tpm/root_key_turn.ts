/** A TPM for as long as it takes to seal or to open a root key. */
import { Secret } from "../../ffi/runtime/secret.ts";
import type { EsysObject } from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { hasP256 } from "./capabilities.ts";
import { openTpm, probeTpm, rootKey, type RootKeyMemory, type TpmAccess } from "./open_tpm.ts";
import { type Clock, systemClock } from "./patience.ts";
import type { RootKeyKind } from "./root_key.ts";
import { explainedFor, explainedOpening } from "./root_key_refusals.ts";
import { answered, explained, TpmSetupError } from "./setup_errors.ts";
import { resolveTcti } from "./tcti.ts";
import type { Tpm } from "./tpm.ts";
import type { KnownRootKey } from "./tpm_state.ts";

/** Below the storage key that key files have as their parent. */
const PARENT = "ecc-p256";
/** Far more than the slowest TPM needs. */
const STUCK_MS = 60_000;

export interface TurnOptions {
  readonly tcti: string;
  /** Called each time the TPM is used; wiped after it. */
  readonly ownerAuth: () => Secret;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Milliseconds that the TPM may take in all. */
  readonly stuckMs?: number;
}

export interface Turn {
  readonly tpm: Tpm;
  readonly parent: ParentMemory;
  readonly loadParent: () => Promise<EsysObject>;
}

/** The TPM's name of the key that it is sealed under: nobody on the way to the TPM can put another in its place. */
export class ParentMemory implements RootKeyMemory {
  readonly path: string;
  #known: KnownRootKey | undefined;

  /** @param name `undefined` before anything is sealed. */
  constructor(path: string, name?: Uint8Array) {
    this.path = path;
    if (name !== undefined) this.#known = { name, created: new Date() };
  }

  get name(): Uint8Array {
    if (this.#known === undefined) throw new TypeError("The parent has not been seen yet");
    return this.#known.name;
  }

  rootKey(): KnownRootKey | undefined {
    return this.#known;
  }

  rememberRootKey(_kind: RootKeyKind, key: KnownRootKey): void {
    this.#known = key;
  }
}

/**
 * Reaches the TPM, and leaves nothing behind in it.
 *
 * @throws {TpmSetupError} If it can't be used, or its storage key is not the parent.
 */
export async function withTpm<T>(
  options: TurnOptions,
  parent: ParentMemory,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const { log, clock = systemClock } = options;
  const tcti = await resolveTcti(options.tcti);
  using ownerAuth = options.ownerAuth();
  const base = { tcti, ownerAuth, endorsementAuth: undefined, state: parent, clock, log };
  const access: TpmAccess = { ...base, rootKey: PARENT };
  const turn = async () => {
    const capabilities = await probeTpm(access);
    if (!hasP256(capabilities)) throw new TpmSetupError("root_key", "it has no keys on P-256");
    using tpm = await openTpm(access, capabilities)
      .catch((error) => Promise.reject(explainedOpening(parent.path, error)));
    const result = await work({ tpm, parent, loadParent: () => rootKey(tpm, access, PARENT) })
      .catch(async (error) => {
        await clearQuietly(tpm, log);
        throw error;
      });
    await tpm.clear();
    return result;
  };
  const limitMs = options.stuckMs ?? STUCK_MS;
  const discard = (late: T) => void (late instanceof Secret && late[Symbol.dispose]());
  try {
    return await answered(turn(), { tcti, limitMs, discard });
  } catch (error) {
    throw explainedFor(parent.path, await explained(error, tcti));
  }
}

/** The error that ended the work matters. */
async function clearQuietly(tpm: Tpm, log: Logger): Promise<void> {
  try {
    await tpm.clear();
  } catch (error) {
    log.debug("The TPM's memory could not be cleared", {}, { error });
  }
}
