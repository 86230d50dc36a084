/** Signing, RSA encryption and ECDH (TPM 2.0 Library, part 3, sections 14 and 20). */
import { Call } from "./call.ts";
import { TPM2_RH, TPM2_ST } from "./constants.ts";
import type { EsysContext } from "./esys_context.ts";
import { type EsysObject, type Sessions, shandles } from "./handles.ts";
import {
  readSignature,
  type Scheme,
  schemeWire,
  signatureWire,
  type TpmSignature,
} from "./schemes.ts";
import {
  TPM2B_DATA,
  TPM2B_DIGEST,
  TPM2B_ECC_POINT,
  TPM2B_PUBLIC_KEY_RSA,
  TPMT_RSA_DECRYPT,
  TPMT_SIG_SCHEME,
  TPMT_SIGNATURE,
  TPMT_TK_HASHCHECK,
  TPMT_TK_VERIFIED,
} from "./types.ts";
import { WireReader } from "./wire_reader.ts";
import { WireWriter } from "./wire_writer.ts";

/** The ticket of a hash that the TPM did not compute itself (part 2, section 10.7.6). */
const NULL_TICKET = new WireWriter(8).u16(TPM2_ST.HASHCHECK).u32(TPM2_RH.NULL).u16(0).finish();

export async function sign(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { digest, scheme }: { readonly digest: Uint8Array; readonly scheme: Scheme },
): Promise<TpmSignature> {
  using call = new Call(context);
  const signature = call.out(TPMT_SIGNATURE);
  const code = await call.esys.Esys_Sign(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_DIGEST, digest),
    call.in(TPMT_SIG_SCHEME, schemeWire(scheme)),
    call.in(TPMT_TK_HASHCHECK, NULL_TICKET),
    signature.cell,
  );
  call.check("Esys_Sign", code);
  return readSignature(signature.take());
}

/** @throws {Tss2Error} TPM_RC_SIGNATURE if it does not verify. */
export async function verifySignature(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { digest, signature }: { readonly digest: Uint8Array; readonly signature: TpmSignature },
): Promise<void> {
  using call = new Call(context);
  const code = await call.esys.Esys_VerifySignature(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_DIGEST, digest),
    call.in(TPMT_SIGNATURE, signatureWire(signature)),
    null,
  );
  call.check("Esys_VerifySignature", code);
}

/** @returns TPMT_TK_VERIFIED: what proves to this TPM that it has verified the signature. */
export async function verifyForTicket(
  context: EsysContext,
  key: EsysObject,
  { digest, signature }: { readonly digest: Uint8Array; readonly signature: TpmSignature },
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const ticket = call.out(TPMT_TK_VERIFIED);
  const code = await call.esys.Esys_VerifySignature(
    call.context,
    key,
    ...shandles([]),
    call.sized(TPM2B_DIGEST, digest),
    call.in(TPMT_SIGNATURE, signatureWire(signature)),
    ticket.cell,
  );
  call.check("Esys_VerifySignature", code);
  return ticket.take();
}

/** What RSA encryption and decryption take. */
export interface RsaOperation {
  /** The plaintext, or the ciphertext. */
  readonly data: Uint8Array;
  /** RSAES or OAEP; absent for the bare RSA primitive. */
  readonly scheme?: Scheme | undefined;
  /** Of OAEP: empty, or ending with a zero byte, which counts (part 1, annex B.4). */
  readonly label: Uint8Array;
}

export async function rsaEncrypt(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { data, scheme, label }: RsaOperation,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const out = call.out(TPM2B_PUBLIC_KEY_RSA);
  const code = await call.esys.Esys_RSA_Encrypt(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_PUBLIC_KEY_RSA, data),
    call.in(TPMT_RSA_DECRYPT, schemeWire(scheme)),
    call.sized(TPM2B_DATA, label),
    out.cell,
  );
  call.check("Esys_RSA_Encrypt", code);
  return out.takeSized();
}

export async function rsaDecrypt(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { data, scheme, label }: RsaOperation,
): Promise<Uint8Array<ArrayBuffer>> {
  using call = new Call(context);
  const out = call.out(TPM2B_PUBLIC_KEY_RSA);
  const code = await call.esys.Esys_RSA_Decrypt(
    call.context,
    key,
    ...shandles(sessions),
    call.sized(TPM2B_PUBLIC_KEY_RSA, data),
    call.in(TPMT_RSA_DECRYPT, schemeWire(scheme)),
    call.sized(TPM2B_DATA, label),
    out.cell,
  );
  call.check("Esys_RSA_Decrypt", code);
  return out.takeSized();
}

/** Coordinates, big-endian. */
export interface EccPoint {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/** The product of a private key and a point, cofactor included; the TPM may leave out leading zeros. */
export async function ecdhZGen(
  context: EsysContext,
  sessions: Sessions,
  key: EsysObject,
  { x, y }: EccPoint,
): Promise<EccPoint> {
  using call = new Call(context);
  const out = call.out(TPM2B_ECC_POINT);
  const wire = new WireWriter(1024).nested((writer) => writer.sized(x).sized(y)).finish();
  const code = await call.esys.Esys_ECDH_ZGen(
    call.context,
    key,
    ...shandles(sessions),
    call.in(TPM2B_ECC_POINT, wire),
    out.cell,
  );
  call.check("Esys_ECDH_ZGen", code);
  const secret = out.take();
  const reader = new WireReader(secret);
  reader.u16(); // the size of the two
  const point = { x: reader.sized(), y: reader.sized() };
  secret.fill(0);
  return point;
}
