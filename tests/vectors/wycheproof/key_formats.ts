/** From the key formats of the vectors to those of PSA. */
interface RsaPrivateKey {
  readonly modulus: string;
  readonly publicExponent: string;
  readonly privateExponent: string;
  readonly prime1: string;
  readonly prime2: string;
  readonly exponent1: string;
  readonly exponent2: string;
  readonly coefficient: string;
}

/** The DER of an RSAPrivateKey (RFC 8017, appendix A.1.2), hex. */
export function privateKeyDer(key: RsaPrivateKey): string {
  const numbers = [
    ...["00", key.modulus, key.publicExponent, key.privateExponent, key.prime1, key.prime2],
    ...[key.exponent1, key.exponent2, key.coefficient],
  ];
  return element("30", numbers.map((number) => element("02", number)).join(""));
}

function element(tag: string, content: string): string {
  const length = content.length / 2;
  if (length < 0x80) return tag + hex(length, 2) + content;
  const digits = length < 0x100 ? 2 : 4;
  return tag + hex(0x80 + digits / 2, 2) + hex(length, digits) + content;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** Bytes of a private key, by the vectors' name of the curve. */
const FIELD_BYTES: Readonly<Record<string, number>> = {
  secp224r1: 28,
  secp256r1: 32,
  secp384r1: 48,
  secp521r1: 66,
  secp256k1: 32,
  brainpoolP224r1: 28,
  brainpoolP256r1: 32,
  brainpoolP320r1: 40,
  brainpoolP384r1: 48,
  brainpoolP512r1: 64,
  curve25519: 32,
  curve448: 56,
};

/** A private key of its curve's length; the vectors have an ASN.1 integer, or bytes for Montgomery curves. */
export function ecPrivateKey(curve: string, key: string): string {
  const digits = 2 * (FIELD_BYTES[curve] ?? NaN);
  if (Number.isNaN(digits)) throw new TypeError(`Curve ${curve}`);
  const number = key.replace(/^(00)+/, "");
  return curve.startsWith("curve") ? key : number.padStart(digits, "0");
}

/** The OIDs of the curves whose vectors have ASN.1 (SEC 2, RFC 5639), hex. */
const CURVE_OIDS: Readonly<Record<string, string>> = {
  secp256k1: "2b8104000a",
  brainpoolP224r1: "2b2403030208010105",
  brainpoolP256r1: "2b2403030208010107",
  brainpoolP320r1: "2b2403030208010109",
  brainpoolP384r1: "2b240303020801010b",
  brainpoolP512r1: "2b240303020801010d",
};

const EC_PUBLIC_KEY_OID = "2a8648ce3d0201";

/**
 * The point in a SubjectPublicKeyInfo that names this curve, hex.
 *
 * @returns `undefined` if it names another or is encoded otherwise: PSA's public keys are points, and say
 * neither.
 */
export function pointOn(curve: string, der: string): string | undefined {
  const oid = CURVE_OIDS[curve];
  if (oid === undefined) throw new TypeError(`Curve ${curve}`);
  const algorithm = element("30", element("06", EC_PUBLIC_KEY_OID) + element("06", oid));
  const [, point] = der.split(algorithm);
  const bits = /^03(?:81)?[0-9a-f]{2}00([0-9a-f]*)$/.exec(point ?? "")?.[1];
  if (bits === undefined) return undefined;
  return element("30", algorithm + element("03", "00" + bits)) === der ? bits : undefined;
}
