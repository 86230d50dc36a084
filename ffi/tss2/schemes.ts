/** Schemes of asymmetric keys and the signatures they make (TPM 2.0 Library, part 2, sections 11.2 and 11.3). */
import { TPM2_ALG } from "./constants.ts";
import { WireReader } from "./wire_reader.ts";
import { WireWriter } from "./wire_writer.ts";

/** What a key does, or a command asks of it; `hash` is absent where the scheme has none (RSAES). */
export interface Scheme {
  /** TPM2_ALG: RSASSA, RSAPSS, RSAES, OAEP, ECDSA, ECDH, HMAC … */
  readonly scheme: number;
  /** TPM2_ALG */
  readonly hash?: number;
}

/** TPMT_SIG_SCHEME, TPMT_RSA_DECRYPT and their kin: TPM_ALG_NULL where there is none. */
export function writeScheme(writer: WireWriter, scheme: Scheme | undefined): void {
  if (scheme === undefined) {
    writer.u16(TPM2_ALG.NULL);
    return;
  }
  writer.u16(scheme.scheme);
  if (scheme.hash !== undefined) writer.u16(scheme.hash);
}

export function schemeWire(scheme: Scheme | undefined): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter(4);
  writeScheme(writer, scheme);
  return writer.finish();
}

/** Schemes that consist of their number alone. */
const WITHOUT_HASH: ReadonlySet<number> = new Set([TPM2_ALG.RSAES]);

export function readScheme(reader: WireReader): Scheme | undefined {
  const scheme = reader.u16();
  if (scheme === TPM2_ALG.NULL) return undefined;
  return WITHOUT_HASH.has(scheme) ? { scheme } : { scheme, hash: reader.u16() };
}

/** A signature as the TPM gives and takes it. */
export type TpmSignature =
  | { readonly kind: "rsa"; readonly scheme: Required<Scheme>; readonly signature: Uint8Array }
  /** The numbers are big-endian; the TPM may leave out leading zeros. */
  | {
    readonly kind: "ecdsa";
    readonly scheme: Required<Scheme>;
    readonly r: Uint8Array;
    readonly s: Uint8Array;
  };

/** TPMT_SIGNATURE */
export function signatureWire(signature: TpmSignature): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter(1024);
  writeScheme(writer, signature.scheme);
  if (signature.kind === "rsa") writer.sized(signature.signature);
  else writer.sized(signature.r).sized(signature.s);
  return writer.finish();
}

/** @throws {RangeError} If it is no signature of RSASSA, RSAPSS or ECDSA. */
export function readSignature(wire: Uint8Array): TpmSignature {
  const reader = new WireReader(wire);
  const scheme = { scheme: reader.u16(), hash: reader.u16() };
  switch (scheme.scheme) {
    case TPM2_ALG.RSASSA:
    case TPM2_ALG.RSAPSS:
      return { kind: "rsa", scheme, signature: reader.sized() };
    case TPM2_ALG.ECDSA:
      return { kind: "ecdsa", scheme, r: reader.sized(), s: reader.sized() };
    default:
      throw new RangeError(
        `Cannot read a signature: algorithm ${scheme.scheme}, wanted RSA or ECDSA`,
      );
  }
}
