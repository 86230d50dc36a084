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
  TPM2_RC_FORMAT_1,
  type TpmSignature,
  Tss2Error,
  verifyForTicket,
  WireWriter,
} from "../../ffi/tss2/mod.ts";
import {
  type PcrApproval,
  type PcrApprovalFiles,
  readApprovalKey,
  readApprovals,
} from "./pcr_approval.ts";
import { TpmSetupError } from "./setup_errors.ts";
import type { Tpm } from "./tpm.ts";

const DIGEST_LENGTH = 32;
const KEY_NAME = "approving key";

/** @returns The digest of "what this key approves of". */
export async function approvedPolicyDigest({ publicKey }: PcrApprovalFiles): Promise<Uint8Array> {
  const name = await nameOfKey(readApprovalKey(publicKey));
  const start = new Uint8Array(DIGEST_LENGTH);
  const code = new WireWriter(4).u32(TPM2_CC.PolicyAuthorize).finish();
  // With an empty reference, which is hashed in a step of its own (part 3, section 23.2.3).
  return await sha256(await sha256(start, code, name));
}

/**
 * Does something in a policy session that proves that the state of this system is approved of.
 *
 * @throws {TpmSetupError} If it is not.
 */
export async function withApprovedSession<T>(
  tpm: Tpm,
  files: PcrApprovalFiles,
  work: (policy: EsysSession) => Promise<T>,
): Promise<T> {
  const key = readApprovalKey(files.publicKey);
  const approvals = readApprovals(files.signatures);
  const choices = new Map(approvals.map(({ pcrs }) => [pcrs.join(), pcrs]));
  for (const pcrs of choices.values()) {
    const found = await tpm.withPolicySession(async (policy) => {
      if (!await isApproved(tpm, policy, { key, pcrs, approvals })) return undefined;
      return { result: await work(policy) };
    });
    if (found !== undefined) return found.result;
  }
  throw new TpmSetupError(
    "policy",
    `what its registers ${[...choices.keys()].join(" or ")} hold is none of the ` +
      `${approvals.length} states that ${files.signatures} approves of with the key of ` +
      `${files.publicKey}; start a version of the system that its maker has signed`,
  );
}

interface Question {
  /** TPMT_PUBLIC */
  readonly key: Uint8Array;
  readonly pcrs: readonly number[];
  readonly approvals: readonly PcrApproval[];
}

/** Whether there is an approval of what the registers hold; the session has proved it then. */
async function isApproved(
  tpm: Tpm,
  policy: EsysSession,
  { key, pcrs, approvals }: Question,
): Promise<boolean> {
  await tpm.plain((context) => policyPcr(context, policy, pcrs));
  const digest = await tpm.plain((context) => policyGetDigest(context, policy));
  for (const { policy: approved, signature } of approvals) {
    if (approved.toHex() !== digest.toHex()) continue;
    const ticket = await verified(tpm, key, { approved, signature });
    if (ticket === undefined) continue;
    const keyName = await nameOfKey(key);
    await tpm.plain((context) => policyAuthorize(context, policy, { digest, keyName, ticket }));
    return true;
  }
  return false;
}

/** @returns The ticket for a signature, `undefined` if it is not of this key. */
async function verified(
  tpm: Tpm,
  key: Uint8Array,
  { approved, signature }: { readonly approved: Uint8Array; readonly signature: Uint8Array },
): Promise<Uint8Array | undefined> {
  const digest = await sha256(approved);
  const object = await approvingKey(tpm, key);
  const scheme = { scheme: TPM2_ALG.RSASSA, hash: TPM2_ALG.SHA256 };
  const tpmSignature: TpmSignature = { kind: "rsa", scheme, signature };
  try {
    return await tpm.plain((context) =>
      verifyForTicket(context, object, { digest, signature: tpmSignature })
    );
  } catch (error) {
    if (isWrongSignature(error)) return undefined;
    throw error;
  } finally {
    await tpm.unload(KEY_NAME);
  }
}

/** Tickets are worth something in a hierarchy only. */
function approvingKey(tpm: Tpm, key: Uint8Array): Promise<EsysObject> {
  return tpm.object(
    KEY_NAME,
    "key",
    () => tpm.plain((context) => loadPublic(context, key, OWNER)),
  );
}

/** One of another length than the key's, too. */
function isWrongSignature(error: unknown): boolean {
  if (!(error instanceof Tss2Error)) return false;
  const { tpm } = error.response;
  return tpm === TPM2_RC_FORMAT_1.SIGNATURE || tpm === TPM2_RC_FORMAT_1.SIZE;
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
