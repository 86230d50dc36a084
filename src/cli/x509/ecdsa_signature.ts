/**
 * ECDSA signatures as X.509 and openssl have them: SEQUENCE of two INTEGERs (RFC 3279, section 2.2.3).
 */
import {
  AsnConvert,
  AsnIntegerBigIntConverter,
  AsnProp,
  AsnPropTypes,
} from "@peculiar/asn1-schema";

class EcdsaSigValue {
  r = 0n;
  s = 0n;
}
for (const field of ["r", "s"] as const) {
  AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerBigIntConverter })(
    EcdsaSigValue.prototype,
    field,
  );
}

/**
 * @param raw `r || s`, each of the curve's field length, big-endian (PSA Crypto API 1.0, PSA_ALG_ECDSA).
 * @throws {RangeError} If it cannot be cut in two.
 */
export function ecdsaSignatureToDer(raw: Uint8Array): Uint8Array {
  if (raw.length === 0 || raw.length % 2 !== 0) {
    throw new RangeError(`Cannot read an ECDSA signature: ${raw.length} bytes, r and s wanted`);
  }
  const value = new EcdsaSigValue();
  value.r = BigInt(`0x${raw.subarray(0, raw.length / 2).toHex()}`);
  value.s = BigInt(`0x${raw.subarray(raw.length / 2).toHex()}`);
  return new Uint8Array(AsnConvert.serialize(value));
}
