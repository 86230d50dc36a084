/**
 * A policy that leaves it to a key to say which states of the system are good: TPM2_PolicyAuthorize over
 * TPM2_PolicyPCR (TPM 2.0 Library, part 1, section 19.7.11, and part 3, section 23.16).
 */
import {
  type EsysObject,
  type EsysSession,
  loadPublic,
  OWNER,
  policyAuthorize,
  policyGetDigest,
  policyPcr,
  TPM2_ALG,
  TPM2_CC,
  TPM2_RC_FORMAT_0,
  TPM2_RC_FORMAT_1,
  type TpmSignature,
  Tss2Error,
  verifyForTicket,
  WireWriter,
} from "../../ffi/tss2/mod.ts";
import {
  ApprovalFileError,
  type ApprovalKey,
  type PcrApproval,
  type PcrApprovalFiles,
  readApprovalKey,
  readSignedApprovals,
} from "./pcr_approval.ts";
import { TpmSetupError } from "./setup_errors.ts";
import type { Tpm } from "./tpm.ts";

const DIGEST_LENGTH = 32;
const KEY_NAME = "approving key";

/** How often a state is looked at again that changes meanwhile, as it does at a boot. */
const MOST_CHANGES = 5;

/** @returns The digest of "what this key approves of". @throws {ApprovalFileError} */
export async function approvedPolicyDigest(files: PcrApprovalFiles): Promise<Uint8Array> {
  const { publicArea } = await readApprovalKey(files);
  const start = new Uint8Array(DIGEST_LENGTH);
  const code = new WireWriter(4).u32(TPM2_CC.PolicyAuthorize).finish();
  // With an empty reference, which is hashed in a step of its own (part 3, section 23.2.3).
  return await sha256(await sha256(start, code, await nameOfKey(publicArea)));
}

/**
 * Does something in a policy session that proves that the state of this system is approved of. Work must be
 * repeatable: it is done again when the state changes meanwhile.
 *
 * @throws {TpmSetupError} If it is not.
 */
export async function withApprovedSession<T>(
  tpm: Tpm,
  files: PcrApprovalFiles,
  work: (policy: EsysSession) => Promise<T>,
): Promise<T> {
  const key = await readApprovalKey(files);
  const approvals = await readSignedApprovals(files, key);
  const state = { files, key, approvals };
  for (let changes = 0;; changes++) {
    try {
      const found = await tryChoices(tpm, state, work);
      if (found !== undefined) return found.result;
      break;
    } catch (error) {
      if (!hasChanged(error)) throw error;
      if (changes === MOST_CHANGES) throw neverTheSame(error);
    }
  }
  const registers = [...choicesOf(approvals)].map((pcrs) => pcrs.join()).join(" or ");
  throw new TpmSetupError(
    "policy",
    `what its registers ${registers} hold is none of the ${approvals.length} states that ` +
      `${files.signatures} approves of with the key of ${files.publicKey}; ` +
      "start a version of the system that its maker has signed, or bring the approval of this one there",
  );
}

interface Approved {
  readonly files: PcrApprovalFiles;
  readonly key: ApprovalKey;
  /** Signed by it. */
  readonly approvals: readonly PcrApproval[];
}

async function tryChoices<T>(
  tpm: Tpm,
  approved: Approved,
  work: (policy: EsysSession) => Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  for (const pcrs of choicesOf(approved.approvals)) {
    const found = await tpm.withPolicySession(async (policy) => {
      if (!await proveApproved(tpm, policy, { ...approved, pcrs })) return undefined;
      return { result: await work(policy) };
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The sets of registers that approvals are about. */
function choicesOf(approvals: readonly PcrApproval[]): Iterable<readonly number[]> {
  return new Map(approvals.map(({ pcrs }) => [pcrs.join(), pcrs])).values();
}

/** Whether there is an approval of what the registers hold; the session has proved it then. */
async function proveApproved(
  tpm: Tpm,
  policy: EsysSession,
  { pcrs, ...approved }: Approved & { readonly pcrs: readonly number[] },
): Promise<boolean> {
  await tpm.plain((context) => policyPcr(context, policy, pcrs));
  const digest = await tpm.plain((context) => policyGetDigest(context, policy));
  const approval = approved.approvals.find((each) => each.policy.toHex() === digest.toHex());
  if (approval === undefined) return false;
  const ticket = await ticketFor(tpm, approved, approval);
  const keyName = await nameOfKey(approved.key.publicArea);
  await tpm.plain((context) => policyAuthorize(context, policy, { digest, keyName, ticket }));
  return true;
}

function neverTheSame(cause: unknown): TpmSetupError {
  return new TpmSetupError(
    "policy",
    "its registers change all the time; start again when the system is up",
    { cause },
  );
}

/** Any register, whatever is approved of: the TPM counts changes. */
function hasChanged(error: unknown): boolean {
  return error instanceof Tss2Error && error.response.tpm === TPM2_RC_FORMAT_0.PCR_CHANGED;
}

/** The TPM looks at the signature itself. */
async function ticketFor(
  tpm: Tpm,
  approved: Approved,
  { policy, signature }: PcrApproval,
): Promise<Uint8Array> {
  const digest = await sha256(policy);
  const object = await approvingKey(tpm, approved);
  const scheme = { scheme: TPM2_ALG.RSASSA, hash: TPM2_ALG.SHA256 };
  const tpmSignature: TpmSignature = { kind: "rsa", scheme, signature };
  const ticket = await tpm.plain((context) =>
    verifyForTicket(context, object, { digest, signature: tpmSignature })
  );
  await tpm.unload(KEY_NAME);
  return ticket;
}

/** Tickets are worth something in a hierarchy only. */
function approvingKey(tpm: Tpm, { key, files }: Approved): Promise<EsysObject> {
  return tpm.object(KEY_NAME, "key", async () => {
    try {
      return await tpm.plain((context) => loadPublic(context, key.publicArea, OWNER));
    } catch (error) {
      if (!isUnfit(error)) throw error;
      const found = `${files.publicKey} has ${key.description}, which the TPM has no use for`;
      throw new ApprovalFileError("publicKey", found, error);
    }
  });
}

/** Not every TPM has every size; few have another exponent than the usual one. */
function isUnfit(error: unknown): boolean {
  const { VALUE, KEY_SIZE, ASYMMETRIC } = TPM2_RC_FORMAT_1;
  return error instanceof Tss2Error &&
    [VALUE, KEY_SIZE, ASYMMETRIC].some((code) => code === error.response.tpm);
}

/** The TPM's name of an object (part 1, section 16). */
async function nameOfKey(publicArea: Uint8Array): Promise<Uint8Array> {
  const digest = await sha256(publicArea);
  return new WireWriter(2 + DIGEST_LENGTH).u16(TPM2_ALG.SHA256).bytes(digest).finish();
}

async function sha256(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const writer = new WireWriter(parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of parts) writer.bytes(part);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", writer.finish()));
}
