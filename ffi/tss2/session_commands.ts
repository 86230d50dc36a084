/** Sessions (TPM 2.0 Library, part 1, section 19; part 3, section 11). */
import { Call } from "./call.ts";
import { ESYS_TR, TPM2_ALG, TPM2_SE, TPMA_SESSION } from "./constants.ts";
import type { EsysContext } from "./esys_context.ts";
import { type EsysEntity, type EsysObject, type EsysSession, shandles } from "./handles.ts";
import { TPM2B_DIGEST, TPMT_SYM_DEF } from "./types.ts";
import { WireWriter } from "./wire_writer.ts";

export interface SessionOptions {
  readonly type: "hmac" | "policy";
  /** A loaded decryption key of the TPM: only it can learn the secret that the session is salted with. */
  readonly salt?: EsysObject;
}

/** Of parameter encryption. A longer key takes the library a third more time for each command. */
const AES_BITS = 128;

export async function startAuthSession(
  context: EsysContext,
  { type, salt }: SessionOptions,
): Promise<EsysSession> {
  using call = new Call(context);
  const symmetric = new WireWriter(6).u16(TPM2_ALG.AES).u16(AES_BITS).u16(TPM2_ALG.CFB).finish();
  const handle = new Uint32Array(1);
  const code = await call.esys.Esys_StartAuthSession(
    call.context,
    salt ?? ESYS_TR.NONE,
    ESYS_TR.NONE,
    ...shandles([]),
    null,
    type === "hmac" ? TPM2_SE.HMAC : TPM2_SE.POLICY,
    call.in(TPMT_SYM_DEF, symmetric),
    TPM2_ALG.SHA256,
    handle,
  );
  call.check("Esys_StartAuthSession", code);
  return (handle[0] ?? 0) as EsysSession;
}

/** What of a command the session encrypts: its first parameter, the first one of the answer, or nothing. */
export interface ParameterEncryption {
  readonly request: boolean;
  readonly response: boolean;
}

/** Sets what the session does in the next command; it outlives the command. */
export function setSessionEncryption(
  context: EsysContext,
  session: EsysSession,
  { request, response }: ParameterEncryption,
): void {
  using call = new Call(context);
  const { CONTINUESESSION, DECRYPT, ENCRYPT } = TPMA_SESSION;
  const flags = CONTINUESESSION | (request ? DECRYPT : 0) | (response ? ENCRYPT : 0);
  const mask = CONTINUESESSION | DECRYPT | ENCRYPT;
  const code = call.esys.Esys_TRSess_SetAttributes(call.context, session, flags, mask);
  call.check("Esys_TRSess_SetAttributes", code);
}

/**
 * Tells ESYS the auth value of an entity. It stays in ESYS's memory until the entity is flushed or closed; that frees the
 * memory as it is (tpm2-tss 3.2 to 4.2, Esys_TR_Close).
 */
export function setAuth(context: EsysContext, entity: EsysEntity, auth: Uint8Array): void {
  using call = new Call(context);
  const struct = call.sized(TPM2B_DIGEST, auth);
  call.check("Esys_TR_SetAuth", call.esys.Esys_TR_SetAuth(call.context, entity, struct));
}
