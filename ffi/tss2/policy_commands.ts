/** What satisfies a policy session (TPM 2.0 Library, part 3, section 23). */
import { Call } from "./call.ts";
import type { EsysContext } from "./esys_context.ts";
import { type EsysEntity, type EsysSession, type Sessions, shandles } from "./handles.ts";
import { pcrSelectionWire } from "./pcr_selection.ts";
import { TPM2B_DIGEST, TPM2B_NAME, TPML_PCR_SELECTION, TPMT_TK_VERIFIED } from "./types.ts";

const NOTHING = new Uint8Array();

/** Satisfies TPM2_PolicySecret in a policy session by authorising an entity. */
export async function policySecret(
  context: EsysContext,
  sessions: Sessions,
  entity: EsysEntity,
  policySession: EsysSession,
): Promise<void> {
  using call = new Call(context);
  const NO_EXPIRATION = 0;
  const code = await call.esys.Esys_PolicySecret(
    call.context,
    entity,
    policySession,
    ...shandles(sessions),
    null,
    null,
    null,
    NO_EXPIRATION,
    null,
    null,
  );
  call.check("Esys_PolicySecret", code);
}

/** Binds the session to what these PCRs of the SHA-256 bank hold now. @param pcrs Numbers from 0 to 23. */
export async function policyPcr(
  context: EsysContext,
  policySession: EsysSession,
  pcrs: readonly number[],
): Promise<void> {
  using call = new Call(context);
  const code = await call.esys.Esys_PolicyPCR(
    call.context,
    policySession,
    ...shandles([]),
    call.sized(TPM2B_DIGEST, NOTHING), // what they hold, whatever it is
    call.in(TPML_PCR_SELECTION, pcrSelectionWire(pcrs)),
  );
  call.check("Esys_PolicyPCR", code);
}

/** What the session has proved so far, as a digest. */
export async function policyGetDigest(
  context: EsysContext,
  policySession: EsysSession,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const digest = call.out(TPM2B_DIGEST);
  const code = await call.esys.Esys_PolicyGetDigest(
    call.context,
    policySession,
    ...shandles([]),
    digest.cell,
  );
  call.check("Esys_PolicyGetDigest", code);
  return digest.takeSized();
}

/** A policy that somebody has approved of with a signature that this TPM has verified. */
export interface ApprovedPolicy {
  readonly digest: Uint8Array;
  /** Of the key that signed. */
  readonly keyName: Uint8Array;
  /** TPMT_TK_VERIFIED, of TPM2_VerifySignature. */
  readonly ticket: Uint8Array;
}

/** Puts "what that key approves of" in the place of what the session has proved. */
export async function policyAuthorize(
  context: EsysContext,
  policySession: EsysSession,
  { digest, keyName, ticket }: ApprovedPolicy,
): Promise<void> {
  using call = new Call(context);
  const code = await call.esys.Esys_PolicyAuthorize(
    call.context,
    policySession,
    ...shandles([]),
    call.sized(TPM2B_DIGEST, digest),
    call.sized(TPM2B_DIGEST, NOTHING),
    call.sized(TPM2B_NAME, keyName),
    call.in(TPMT_TK_VERIFIED, ticket),
  );
  call.check("Esys_PolicyAuthorize", code);
}
