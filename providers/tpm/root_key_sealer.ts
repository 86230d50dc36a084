/**
 * The root key of another provider's keys, sealed to the TPM: in a TPM key file beside what it protects, which is
 * worth nothing anywhere else. The TPM is used for a moment at the start, and then let go of.
 */
import { join } from "node:path";
import { Secret } from "../../ffi/runtime/secret.ts";
import { unseal, type WrappedObject } from "../../ffi/tss2/mod.ts";
import type { PcrApprovalFiles } from "./pcr_approval.ts";
import { approvedPolicyDigest, withApprovedSession } from "./pcr_policy.ts";
import {
  readSealedRootKey,
  removeSealedRootKey,
  type SealedRootKey,
  writeSealedRootKey,
} from "./root_key_file.ts";
import { explainedOpening, otherPolicy } from "./root_key_refusals.ts";
import { ParentMemory, type Turn, type TurnOptions, withTpm } from "./root_key_turn.ts";
import { loadSealed, sealData, unloadSealed, unsealData } from "./sealed_data.ts";

export interface TpmRootKeyOptions extends TurnOptions {
  /** Absolute path of the folder; the file is `root.tpm` in it. */
  readonly folder: string;
  /** Opened in states of the system that are approved of there, and in no other; in any, where left out. */
  readonly approvals?: PcrApprovalFiles | undefined;
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
  const path = join(options.folder, "root.tpm");
  const message = options.approvals === undefined
    ? "Software keys are protected by the TPM"
    : "Software keys are protected by the TPM, in approved states of the system";
  return {
    place: path,
    protection: { level: "info", message },
    async load() {
      const sealed = readSealedRootKey(path);
      if (sealed === undefined) return undefined;
      const parent = new ParentMemory(path, sealed.parentName);
      return await withTpm(options, parent, (turn) => load(turn, sealed, options));
    },
    async store(root) {
      await withTpm(options, new ParentMemory(path), (turn) => store(turn, root, options));
    },
    destroy: () => removeSealedRootKey(path),
  };
}

/** What was sealed without approvals is sealed to them once they are configured. */
async function load(
  turn: Turn,
  sealed: SealedRootKey,
  options: TpmRootKeyOptions,
): Promise<Secret> {
  const { approvals, log } = options;
  const { path } = turn.parent;
  const wanted = approvals && await approvedPolicyDigest(approvals);
  const isOpen = sealed.policy.length === 0;
  if (!isOpen && sealed.policy.toHex() !== wanted?.toHex()) throw otherPolicy(path, approvals);
  using stack = new DisposableStack();
  const root = stack.use(await open(turn, sealed, isOpen ? undefined : approvals));
  if (isOpen && wanted !== undefined) {
    await store(turn, root, options);
    log.info("The TPM opens the root key in approved states of the system only, from now on", {
      rootKey: path,
    });
  }
  stack.move();
  return root;
}

async function store(
  turn: Turn,
  root: Secret,
  { approvals, log }: TpmRootKeyOptions,
): Promise<void> {
  const { tpm, parent, loadParent } = turn;
  const policy = approvals && await approvedPolicyDigest(approvals);
  const sealed = await sealData(tpm, await loadParent(), root, policy);
  // What can't be opened now would be lost at the next start.
  using _opened = await open(turn, sealed, approvals);
  writeSealedRootKey(parent.path, { ...sealed, parentName: parent.name }, log);
}

async function open(
  { tpm, parent, loadParent }: Turn,
  sealed: WrappedObject,
  approvals: PcrApprovalFiles | undefined,
): Promise<Secret> {
  try {
    if (approvals === undefined) return await unsealData(tpm, loadParent, sealed);
    return await withApprovedSession(tpm, approvals, async (policy) => {
      const object = await loadSealed(tpm, loadParent, sealed);
      const bytes = await tpm.secured((context, session) =>
        unseal(context, [policy, session], object)
      );
      await unloadSealed(tpm);
      return new Secret(bytes);
    });
  } catch (error) {
    throw explainedOpening(parent.path, error);
  }
}
