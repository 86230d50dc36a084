/**
 * The root key of another provider's keys, sealed to the TPM: in a TPM key file beside what it protects, which is
 * worth nothing anywhere else. The TPM is used for a moment at the start, and then let go of.
 */
import { join } from "node:path";
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  type EsysObject,
  TPM2_RC_FORMAT_0,
  TPM2_RC_FORMAT_1,
  Tss2Error,
  unseal,
  type WrappedObject,
} from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { removeDurably, writeDurably } from "../../src/storage/durable_file.ts";
import { ensureFolder } from "../../src/storage/folder.ts";
import { asStorageError } from "../../src/storage/open_refusal.ts";
import { hasP256 } from "./capabilities.ts";
import { openTpm, probeTpm, rootKey, type RootKeyMemory, type TpmAccess } from "./open_tpm.ts";
import { type Clock, systemClock } from "./patience.ts";
import type { PcrApprovalFiles } from "./pcr_approval.ts";
import { approvedPolicyDigest, withApprovedSession } from "./pcr_policy.ts";
import { loadSealed, sealData, unloadSealed, unsealData } from "./sealed_data.ts";
import { explained, TpmSetupError } from "./setup_errors.ts";
import { resolveTcti } from "./tcti.ts";
import type { Tpm } from "./tpm.ts";
import { decodeTss2Key, encodeTss2Key, OWNER_PARENT } from "./tss2_key.ts";

/** Below the storage key that key files have as their parent. */
const PARENT = "ecc-p256";

export interface TpmRootKeyOptions {
  readonly tcti: string;
  /** Called each time the TPM is used; wiped after it. */
  readonly ownerAuth: () => Secret;
  /** Absolute path of the folder; the file is `root.tpm` in it. */
  readonly folder: string;
  /** Opened in states of the system that are approved of there, and in no other; in any, where left out. */
  readonly approvals?: PcrApprovalFiles | undefined;
  readonly log: Logger;
  readonly clock?: Clock;
}

/** As the provider whose root key it is wants it. */
export interface TpmRootKey {
  readonly place: string;
  /** @throws {TpmSetupError} {StorageError} */
  load(): Promise<Secret | undefined>;
  store(root: Secret): Promise<void>;
  destroy(): void;
}

export function tpmRootKey(options: TpmRootKeyOptions): TpmRootKey {
  const { folder, approvals, log } = options;
  const path = join(folder, "root.tpm");
  return {
    place: path,
    async load() {
      const sealed = readSealed(path);
      if (sealed === undefined) return undefined;
      return await withTpm(
        options,
        path,
        (tpm, access) => open(tpm, access, { sealed, approvals }),
      );
    },
    async store(root) {
      await withTpm(options, path, async (tpm, access) => {
        const policy = approvals && await approvedPolicyDigest(approvals);
        const sealed = await sealData(tpm, await parentOf(tpm, access), root, policy);
        // What can't be opened now would be lost at the next start.
        using _opened = await open(tpm, access, { sealed, approvals });
        storing(path, () => {
          ensureFolder(folder, log);
          writeDurably(path, encodeSealed(sealed));
        });
      });
    },
    destroy: () => storing(path, () => removeDurably(path)),
  };
}

interface SealedRootKey {
  readonly sealed: WrappedObject;
  readonly approvals: PcrApprovalFiles | undefined;
}

async function open(
  tpm: Tpm,
  access: TpmAccess,
  { sealed, approvals }: SealedRootKey,
): Promise<Secret> {
  const parent = () => parentOf(tpm, access);
  try {
    if (approvals === undefined) return await unsealData(tpm, parent, sealed);
    const object = await loadSealed(tpm, parent, sealed);
    const bytes = await withApprovedSession(
      tpm,
      approvals,
      (policy) => tpm.secured((context, session) => unseal(context, [policy, session], object)),
    );
    await unloadSealed(tpm);
    return new Secret(bytes);
  } catch (error) {
    throw explainedOpening(error, access.state.path);
  }
}

function parentOf(tpm: Tpm, access: TpmAccess): Promise<EsysObject> {
  return rootKey(tpm, access, PARENT);
}

async function withTpm<T>(
  { tcti, ownerAuth, log, clock = systemClock }: TpmRootKeyOptions,
  path: string,
  work: (tpm: Tpm, access: TpmAccess) => Promise<T>,
): Promise<T> {
  const resolved = await resolveTcti(tcti);
  using auth = ownerAuth();
  const access: TpmAccess = {
    tcti: resolved,
    ownerAuth: auth,
    endorsementAuth: undefined,
    rootKey: PARENT,
    state: noMemory(path),
    clock,
    log,
  };
  try {
    const capabilities = await probeTpm(access);
    if (!hasP256(capabilities)) throw new TpmSetupError("root_key", "it has no keys on P-256");
    using tpm = await openTpm(access, capabilities);
    const result = await work(tpm, access).catch(async (error) => {
      await clearQuietly(tpm, log);
      throw error;
    });
    await tpm.clear();
    return result;
  } catch (error) {
    throw await explained(error, resolved);
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

/** The sealed root key itself tells one TPM from another. */
function noMemory(path: string): RootKeyMemory {
  return { path, rootKey: () => undefined, rememberRootKey: () => {} };
}

function explainedOpening(cause: unknown, path: string): unknown {
  if (!(cause instanceof Tss2Error)) return cause;
  switch (cause.response.tpm) {
    case TPM2_RC_FORMAT_1.INTEGRITY:
      return new TpmSetupError(
        "root_key",
        `it did not seal the root key in ${path}. The TPM was cleared or replaced, or the file is ` +
          "another one's; what is stored under that root key is lost unless the old TPM, or the right " +
          "file, comes back",
        { cause },
      );
    case TPM2_RC_FORMAT_1.POLICY_FAIL:
    case TPM2_RC_FORMAT_0.AUTH_UNAVAILABLE:
      return new TpmSetupError(
        "policy",
        `the root key in ${path} is sealed to another key's approval, to one's where none is configured, ` +
          "or to none where one is; name the public key that it was sealed to",
        { cause },
      );
    default:
      return cause;
  }
}

function readSealed(path: string): WrappedObject | undefined {
  let text;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw asStorageError("root key", path, error);
  }
  try {
    return decodeTss2Key(text);
  } catch (cause) {
    throw new TpmSetupError("root_key", `${path} is damaged; restore it from a backup`, { cause });
  }
}

function encodeSealed(sealed: WrappedObject): Uint8Array {
  return new TextEncoder().encode(
    encodeTss2Key({ type: "sealed", emptyAuth: true, parent: OWNER_PARENT, ...sealed }),
  );
}

function storing(path: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw asStorageError("root key", path, error);
  }
}
