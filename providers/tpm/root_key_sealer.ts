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
import type { RootKeyKind } from "./root_key.ts";
import type { Tpm } from "./tpm.ts";
import type { KnownRootKey } from "./tpm_state.ts";
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
      const parent = new ParentMemory(path, sealed.parentName);
      return await withTpm(options, parent, (turn) => loadFrom(turn, sealed));
    },
    store: (root) => withTpm(options, new ParentMemory(path), (turn) => store(turn, root)),
    destroy: () => storing(path, () => removeDurably(path)),
  };
}

/** The TPM's name of the key that it is sealed under: nobody on the way to the TPM can put another in its place. */
class ParentMemory implements RootKeyMemory {
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

/** A TPM that is reached, for as long as it takes. */
interface Turn {
  readonly tpm: Tpm;
  readonly access: TpmAccess;
  readonly options: TpmRootKeyOptions;
  readonly parent: ParentMemory;
}

/** What was sealed without approvals is sealed to them once they are configured. */
async function loadFrom(turn: Turn, sealed: SealedRootKey): Promise<Secret> {
  const { options: { approvals, log }, parent: { path } } = turn;
  const { policy: found } = sealed;
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
  const { tpm, access, options: { folder, approvals, log }, parent: { path, name } } = turn;
  const policy = approvals && await approvedPolicyDigest(approvals);
  const sealed = await sealData(tpm, await parentOf(tpm, access), root, policy);
  // What can't be opened now would be lost at the next start.
  using _opened = await open(turn, sealed, approvals);
  storing(path, () => {
    ensureFolder(folder, log);
    writeDurably(path, encodeSealed({ ...sealed, parentName: name }));
  });
}

async function open(
  { tpm, access, parent: { path } }: Turn,
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
    throw explainedOpening(path, error);
  }
}

function parentOf(tpm: Tpm, access: TpmAccess): Promise<EsysObject> {
  return rootKey(tpm, access, PARENT);
}

async function withTpm<T>(
  options: TpmRootKeyOptions,
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
    const result = await work({ tpm, access, options, parent }).catch(async (error) => {
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

/** Says what it means that the key it is sealed under is another one, or can't open it. */
function explainedOpening(path: string, error: unknown): unknown {
  if (isMalformed(error)) return damaged(path, error);
  const isOfAnother = error instanceof TpmSetupError
    ? error.problem === "root_key"
    : error instanceof Tss2Error && error.response.tpm === TPM2_RC_FORMAT_1.INTEGRITY;
  if (!isOfAnother) return error;
  return new TpmSetupError(
    "root_key",
    `it did not seal the root key in ${path}. The TPM was cleared or replaced, or the file is ` +
      "another one's; the software keys are lost unless the old TPM, or the right file, comes back. " +
      `To go on without them, move ${dirname(path)} away`,
    { cause: error },
  );
}

/** What is no object at all, to any TPM. */
function isMalformed(error: unknown): boolean {
  if (!(error instanceof Tss2Error) || error.functionName !== "Esys_Load") return false;
  const { tpm, about } = error.response;
  return tpm !== TPM2_RC_FORMAT_1.INTEGRITY && about.startsWith("parameter ");
}

function damaged(path: string, cause: unknown): TpmSetupError {
  return new TpmSetupError("root_key", `${path} is damaged; restore it from a backup`, { cause });
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

interface SealedRootKey extends WrappedObject {
  /** TPM2B_NAME of the key that it is sealed under, its contents. */
  readonly parentName: Uint8Array;
  /** The digest; empty where there is none. */
  readonly policy: Uint8Array;
}

function readSealed(path: string): SealedRootKey | undefined {
  let text;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw asStorageError("root key", path, error);
  }
  try {
    const key = decodeTss2Key(text);
    const { authPolicy: policy } = decodePublicArea(key.publicArea);
    return { ...key, policy, parentName: parentNameIn(text) };
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** Text may be before what is in PEM (RFC 7468, section 2). */
function parentNameIn(text: string): Uint8Array {
  const [, name] = text.match(/^Parent: ([0-9a-f]{68})$/m) ?? [];
  if (name === undefined) {
    throw new RangeError("Cannot read a sealed root key: no name of a parent");
  }
  return Uint8Array.fromHex(name);
}

function encodeSealed({ parentName, ...sealed }: Omit<SealedRootKey, "policy">): Uint8Array {
  const pem = encodeTss2Key({ type: "sealed", emptyAuth: true, parent: OWNER_PARENT, ...sealed });
  return new TextEncoder().encode(`Parent: ${parentName.toHex()}\n${pem}`);
}

function storing(path: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw asStorageError("root key", path, error);
  }
}
