/** RSA public keys as PKCS#1 and PSA have them: SEQUENCE of modulus and exponent (RFC 8017, appendix A.1.1). */
import {
  AsnConvert,
  AsnIntegerBigIntConverter,
  AsnProp,
  AsnPropTypes,
} from "@peculiar/asn1-schema";

class RsaPublicKey {
  modulus = 0n;
  publicExponent = 0n;
}
for (const field of ["modulus", "publicExponent"] as const) {
  AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerBigIntConverter })(
    RsaPublicKey.prototype,
    field,
  );
}

/** @param modulus Big-endian. */
export function encodeRsaPublicKey(
  { modulus, exponent }: { readonly modulus: Uint8Array; readonly exponent: number },
): Uint8Array {
  const key = new RsaPublicKey();
  key.modulus = BigInt(`0x0${modulus.toHex()}`);
  key.publicExponent = BigInt(exponent);
  return new Uint8Array(AsnConvert.serialize(key));
}
