/** The names of the vectors, as this service calls the things. */
import { Hash } from "../../../src/psa/hash.ts";
import { EccFamily } from "../../../src/psa/key_type.ts";

const HASHES: Readonly<Record<string, Hash>> = {
  "SHA-1": Hash.Sha1,
  "SHA-224": Hash.Sha224,
  "SHA-256": Hash.Sha256,
  "SHA-384": Hash.Sha384,
  "SHA-512": Hash.Sha512,
  "SHA-512/224": Hash.Sha512_224,
  "SHA-512/256": Hash.Sha512_256,
  "SHA3-224": Hash.Sha3_224,
  "SHA3-256": Hash.Sha3_256,
  "SHA3-384": Hash.Sha3_384,
  "SHA3-512": Hash.Sha3_512,
};

export interface Curve {
  readonly family: EccFamily;
  readonly bits: number;
}

const { SecpK1, SecpR1, SecpR2, BrainpoolPR1, Montgomery } = EccFamily;

const CURVES: Readonly<Record<string, Curve>> = {
  secp160r2: { family: SecpR2, bits: 160 },
  secp192k1: { family: SecpK1, bits: 192 },
  secp192r1: { family: SecpR1, bits: 192 },
  secp224k1: { family: SecpK1, bits: 225 },
  secp224r1: { family: SecpR1, bits: 224 },
  secp256k1: { family: SecpK1, bits: 256 },
  secp256r1: { family: SecpR1, bits: 256 },
  secp384r1: { family: SecpR1, bits: 384 },
  secp521r1: { family: SecpR1, bits: 521 },
  brainpoolP224r1: { family: BrainpoolPR1, bits: 224 },
  brainpoolP256r1: { family: BrainpoolPR1, bits: 256 },
  brainpoolP320r1: { family: BrainpoolPR1, bits: 320 },
  brainpoolP384r1: { family: BrainpoolPR1, bits: 384 },
  brainpoolP512r1: { family: BrainpoolPR1, bits: 512 },
  curve25519: { family: Montgomery, bits: 255 },
  curve448: { family: Montgomery, bits: 448 },
};

/** @throws {TypeError} */
export function hashOf(name: string): Hash {
  return found(HASHES[name], name);
}

/** The hash in a file's name: `hmac_sha3_256`. @throws {TypeError} */
export function hashOfFile(file: string): Hash {
  const [, sha3, size = "", truncated] = /_sha(3_)?(\d+)(?:_(\d+))?$/.exec(file) ?? [];
  return hashOf(`SHA${sha3 ? "3" : ""}-${size}${truncated ? `/${truncated}` : ""}`);
}

/** @throws {TypeError} */
export function curveOf(name: string): Curve {
  return found(CURVES[name], name);
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TypeError(`Nobody knows ${name} here`);
  return value;
}
