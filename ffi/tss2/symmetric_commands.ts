/** Block ciphers, hashes and HMAC (TPM 2.0 Library, part 3, sections 15 and 17). */
import { Call } from "./call.ts";
import { ESYS_TR } from "./constants.ts";
import type { EsysContext } from "./esys_context.ts";
import { type EsysObject, type Sessions, shandles } from "./handles.ts";
import { TPM2B_DIGEST, TPM2B_IV, TPM2B_MAX_BUFFER } from "./types.ts";

const NOTHING = new Uint8Array();

export interface CipherStep {
  readonly direction: "encrypt" | "decrypt";
  /** TPM2_ALG: CTR, OFB, CBC, CFB, ECB */
  readonly mode: number;
  /** A block; empty for ECB. */
  readonly iv: Uint8Array;
  /** At most TPM2_PT.INPUT_BUFFER bytes; whole blocks but for the last step of a stream mode. */
  readonly data: Uint8Array;
}

/** @returns The other text, as long as the one given, and the IV for what follows. */
export async function encryptDecrypt(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { direction, mode, iv, data }: CipherStep,
): Promise<{ readonly data: Uint8Array<ArrayBuffer>; readonly iv: Uint8Array<ArrayBuffer> }> {
  using call = new Call(context);
  const outData = call.out(TPM2B_MAX_BUFFER);
  const outIv = call.out(TPM2B_IV);
  const code = await call.esys.Esys_EncryptDecrypt2(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_MAX_BUFFER, data),
    direction === "decrypt" ? 1 : 0,
    mode,
    call.sized(TPM2B_IV, iv),
    outData.cell,
    outIv.cell,
  );
  call.check("Esys_EncryptDecrypt2", code);
  return { data: outData.takeSized(), iv: outIv.takeSized() };
}

/** The hash of at most TPM2_PT.INPUT_BUFFER bytes. */
export async function hash(
  context: EsysContext,
  sessions: Sessions,
  algorithm: number,
  data: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const digest = call.out(TPM2B_DIGEST);
  const code = await call.esys.Esys_Hash(
    call.context,
    ...shandles(sessions),
    call.sized(TPM2B_MAX_BUFFER, data),
    algorithm,
    ESYS_TR.RH_NULL,
    digest.cell,
    null,
  );
  call.check("Esys_Hash", code);
  return digest.takeSized();
}

/**
 * The HMAC of at most TPM2_PT.INPUT_BUFFER bytes; or, by a symmetric key that is bound to CMAC, their CMAC: TPM2_MAC
 * is TPM2_HMAC under a newer name (part 3, section 15.5).
 */
export async function hmac(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { algorithm, data }: { readonly algorithm: number; readonly data: Uint8Array },
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const mac = call.out(TPM2B_DIGEST);
  const code = await call.esys.Esys_HMAC(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_MAX_BUFFER, data),
    algorithm,
    mac.cell,
  );
  call.check("Esys_HMAC", code);
  return mac.takeSized();
}

/** Starts a hash over more bytes; it takes an object's place in the TPM, without an auth value. */
export async function hashSequenceStart(
  context: EsysContext,
  algorithm: number,
): Promise<EsysObject> {
  using call = new Call(context);
  const sequence = new Uint32Array(1);
  const code = await call.esys.Esys_HashSequenceStart(
    call.context,
    ...shandles([]),
    call.sized(TPM2B_DIGEST, NOTHING),
    algorithm,
    sequence,
  );
  call.check("Esys_HashSequenceStart", code);
  return (sequence[0] ?? 0) as EsysObject;
}

/** Starts an HMAC over more bytes, as {@linkcode hashSequenceStart}. */
export async function hmacStart(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  algorithm: number,
): Promise<EsysObject> {
  using call = new Call(context);
  const sequence = new Uint32Array(1);
  const code = await call.esys.Esys_HMAC_Start(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_DIGEST, NOTHING),
    algorithm,
    sequence,
  );
  call.check("Esys_HMAC_Start", code);
  return (sequence[0] ?? 0) as EsysObject;
}

export async function sequenceUpdate(
  context: EsysContext,
  sessions: Sessions,
  sequence: EsysObject,
  data: Uint8Array,
): Promise<void> {
  using call = new Call(context);
  const code = await call.esys.Esys_SequenceUpdate(
    call.context,
    sequence,
    ...shandles(sessions),
    call.sized(TPM2B_MAX_BUFFER, data),
  );
  call.check("Esys_SequenceUpdate", code);
}

/** The hash or HMAC; the sequence is gone after it. */
export async function sequenceComplete(
  context: EsysContext,
  sessions: Sessions,
  sequence: EsysObject,
  data: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const result = call.out(TPM2B_DIGEST);
  const code = await call.esys.Esys_SequenceComplete(
    call.context,
    sequence,
    ...shandles(sessions),
    call.sized(TPM2B_MAX_BUFFER, data),
    ESYS_TR.RH_NULL,
    result.cell,
    null,
  );
  call.check("Esys_SequenceComplete", code);
  return result.takeSized();
}
