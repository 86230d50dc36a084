/**
 * The root key of another provider's keys, sealed to the TPM: in a TPM key file beside what it protects, which is
 * worth nothing anywhere else. The TPM is used for a moment at the start, and then let go of.
 */
import { dirname, join } from "node:path";
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  decodePublicArea,
  type EsysObject,
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
import { answered, explained, TpmSetupError } from "./setup_errors.ts";
import { resolveTcti } from "./tcti.ts";
import type { Tpm } from "./tpm.ts";
import { decodeTss2Key, encodeTss2Key, OWNER_PARENT } from "./tss2_key.ts";

/** Below the storage key that key files have as their parent. */
const PARENT = "ecc-p256";
/** Far more than the slowest TPM needs. */
const STUCK_MS = 60_000;

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
  /** Milliseconds that the TPM may take in all. */
  readonly stuckMs?: number;
}

/** As the provider whose root key it is wants it. */
export interface TpmRootKey {
  readonly place: string;
  readonly protection: { readonly level: "info"; readonly message: string };
  /** @throws {TpmSetupError} {StorageError} */
  load(): Promise<Secret | undefined>;
  store(root: Secret): Promise<void>;
  destroy(): void;
}

export function tpmRootKey(options: TpmRootKeyOptions): TpmRootKey {
  const { folder, approvals } = options;
  const path = join(folder, "root.tpm");
  const message = approvals === undefined
    ? "Software keys are protected by the TPM"
    : "Software keys are protected by the TPM, in approved states of the system";
  return {
    place: path,
    protection: { level: "info", message },
    async load() {
      const sealed = readSealed(path);
      if (sealed === undefined) return undefined;
      return await withTpm(options, path, (turn) => loadFrom(turn, sealed));
    },
    store: (root) => withTpm(options, path, (turn) => store(turn, root)),
    destroy: () => storing(path, () => removeDurably(path)),
  };
}

/** A TPM that is reached, for as long as it takes. */
interface Turn {
  readonly tpm: Tpm;
  readonly access: TpmAccess;
  readonly options: TpmRootKeyOptions;
  readonly path: string;
}

/** What was sealed without approvals is sealed to them once they are configured. */
async function loadFrom(turn: Turn, sealed: WrappedObject): Promise<Secret> {
  const { options: { approvals, log }, path } = turn;
  const found = decodePublicArea(sealed.publicArea).authPolicy;
  const wanted = approvals && await approvedPolicyDigest(approvals);
  using stack = new DisposableStack();
  if (found.length > 0 && found.toHex() !== wanted?.toHex()) throw otherPolicy(path, approvals);
  const root = stack.use(await open(turn, sealed, found.length > 0 ? approvals : undefined));
  if (found.length === 0 && wanted !== undefined) {
    await store(turn, root);
    log.info("The TPM opens the root key in approved states of the system only, from now on", {
      rootKey: path,
    });
  }
  stack.move();
  return root;
}

async function store(turn: Turn, root: Secret): Promise<void> {
  const { tpm, access, options: { folder, approvals, log }, path } = turn;
  const policy = approvals && await approvedPolicyDigest(approvals);
  const sealed = await sealData(tpm, await parentOf(tpm, access), root, policy);
  // What can't be opened now would be lost at the next start.
  using _opened = await open(turn, sealed, approvals);
  storing(path, () => {
    ensureFolder(folder, log);
    writeDurably(path, encodeSealed(sealed));
  });
}

async function open(
  { tpm, access, path }: Turn,
  sealed: WrappedObject,
  approvals: PcrApprovalFiles | undefined,
): Promise<Secret> {
  const parent = () => parentOf(tpm, access);
  try {
    if (approvals === undefined) return await unsealData(tpm, parent, sealed);
    return await withApprovedSession(tpm, approvals, async (policy) => {
      const object = await loadSealed(tpm, parent, sealed);
      const bytes = await tpm.secured((context, session) =>
        unseal(context, [policy, session], object)
      );
      await unloadSealed(tpm);
      return new Secret(bytes);
    });
  } catch (error) {
    throw isOfAnother(error) ? notSealedHere(path, error) : error;
  }
}

function parentOf(tpm: Tpm, access: TpmAccess): Promise<EsysObject> {
  return rootKey(tpm, access, PARENT);
}

async function withTpm<T>(
  options: TpmRootKeyOptions,
  path: string,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const { log, clock = systemClock } = options;
  const tcti = await resolveTcti(options.tcti);
  using ownerAuth = options.ownerAuth();
  const state = noMemory(path);
  const base = { tcti, ownerAuth, endorsementAuth: undefined, state, clock, log };
  const access: TpmAccess = { ...base, rootKey: PARENT };
  const turn = async () => {
    const capabilities = await probeTpm(access);
    if (!hasP256(capabilities)) throw new TpmSetupError("root_key", "it has no keys on P-256");
    using tpm = await openTpm(access, capabilities);
    const result = await work({ tpm, access, options, path }).catch(async (error) => {
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
    throw explainedFor(path, await explained(error, tcti));
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

/** Says what it is needed for, and where else an auth value may be than a provider's. */
function explainedFor(path: string, error: unknown): unknown {
  if (!(error instanceof TpmSetupError)) return error;
  const { problem, reason } = error;
  switch (problem) {
    case "unreachable":
    case "lockout":
      return new TpmSetupError(
        problem,
        `${reason}; the root key of the software keys, ${path}, can't be had without it`,
        { cause: error },
      );
    case "auth":
      return new TpmSetupError(
        problem,
        "it refused the auth value of its owner; the right one belongs in root_key_owner_auth_file, or, " +
          "where that is left out, in owner_hierarchy_auth_file of the Tpm provider with this TPM",
        { cause: error },
      );
    default:
      return error;
  }
}

function isOfAnother(error: unknown): boolean {
  return error instanceof Tss2Error && error.response.tpm === TPM2_RC_FORMAT_1.INTEGRITY;
}

function notSealedHere(path: string, cause: unknown): TpmSetupError {
  return new TpmSetupError(
    "root_key",
    `it did not seal the root key in ${path}. The TPM was cleared or replaced, or the file is ` +
      "another one's; the software keys are lost unless the old TPM, or the right file, comes back. " +
      `To go on without them, move ${dirname(path)} away`,
    { cause },
  );
}

function otherPolicy(path: string, approvals: PcrApprovalFiles | undefined): TpmSetupError {
  const wanted = approvals === undefined
    ? "wanted root_key_pcr_public_key and root_key_pcr_signatures in the configuration"
    : `by another key than that in ${approvals.publicKey}; name the one that it was sealed to in ` +
      "root_key_pcr_public_key";
  return new TpmSetupError(
    "policy",
    `the root key in ${path} is sealed to approved states of the system, ${wanted}`,
  );
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
