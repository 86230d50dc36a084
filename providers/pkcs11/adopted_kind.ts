/** What a key on the token is in the terms of PSA. */
import { CKA, CKK } from "../../ffi/pkcs11/mod.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { CURVE_ROWS } from "./curves.ts";
import { type FoundObject, numberOf } from "./found_object.ts";
import type { FoundKey } from "./object_choice.ts";
import { notSupported } from "./refusals.ts";

export interface Kind {
  readonly type: KeyType;
  readonly bits: number;
}

/** Keys for HMAC with one hash (PKCS#11 v3.0, section 6.22). */
const HMAC_HASHES: ReadonlyMap<number, Hash> = new Map<number, Hash>([
  [CKK.SHA_1_HMAC, Hash.Sha1],
  [CKK.SHA224_HMAC, Hash.Sha224],
  [CKK.SHA256_HMAC, Hash.Sha256],
  [CKK.SHA384_HMAC, Hash.Sha384],
  [CKK.SHA512_HMAC, Hash.Sha512],
]);

const CHACHA20_BITS = 256;

/**
 * @param algorithm Says what a generic secret is for.
 * @throws {StatusError} PsaErrorNotSupported
 */
export function kindOf(key: FoundKey, algorithm: Algorithm): Kind {
  const [first] = key;
  if (first === undefined) throw new TypeError("A key without objects");
  const keyType = numberOf(first, CKA.KEY_TYPE);
  switch (keyType) {
    case CKK.RSA:
      return { type: { kind: `rsa_${half(key)}` }, bits: modulusBits(key) };
    case CKK.EC: {
      const { family, bits } = curve(key);
      return { type: { kind: `ecc_${half(key)}`, family }, bits };
    }
    case CKK.AES:
      return { type: { kind: "aes" }, bits: valueBits(first) };
    case CKK.CHACHA20:
      return { type: { kind: "chacha20" }, bits: CHACHA20_BITS };
    case CKK.GENERIC_SECRET:
      return { type: { kind: secretKind(algorithm) }, bits: valueBits(first) };
  }
  const hash = HMAC_HASHES.get(keyType ?? -1);
  if (hash === undefined) throw notSupported(`Cannot adopt a key of CKA_KEY_TYPE ${keyType}`);
  if (algorithm.kind === "hmac" && algorithm.hash === hash) {
    return { type: { kind: "hmac" }, bits: valueBits(first) };
  }
  throw notSupported("Cannot adopt an HMAC key: it is for another algorithm than the policy's");
}

function half(key: FoundKey): "key_pair" | "public_key" {
  return key.some(({ keyClass }) => keyClass === "PRIVATE_KEY") ? "key_pair" : "public_key";
}

function secretKind(algorithm: Algorithm): "hmac" | "derive" | "raw_data" {
  switch (algorithm.kind) {
    case "hmac":
      return "hmac";
    case "hkdf":
    case "tls12_prf":
    case "tls12_psk_to_ms":
      return "derive";
    default:
      return "raw_data";
  }
}

function modulusBits(key: FoundKey): number {
  const [first = 0, ...rest] = withoutLeadingZeros(valueIn(key, CKA.MODULUS));
  return rest.length * 8 + 32 - Math.clz32(first);
}

function withoutLeadingZeros(number: Uint8Array): Uint8Array {
  const start = number.findIndex((byte) => byte !== 0);
  return start === -1 ? new Uint8Array() : number.subarray(start);
}

function curve(key: FoundKey) {
  const params = valueIn(key, CKA.EC_PARAMS).toHex();
  const row = CURVE_ROWS.find(({ oid }) => oid === params);
  if (row !== undefined) return row;
  throw notSupported(`Cannot adopt an EC key: found CKA_EC_PARAMS ${params}, a curve not served`);
}

/** What one of the objects tells. */
function valueIn(key: FoundKey, type: number): Uint8Array {
  const value = key.map(({ values }) => values.get(type)).find((value) => value?.length);
  if (value !== undefined) return value;
  throw notSupported(
    `Cannot adopt the key: the token does not tell attribute ${type.toString(16)}`,
  );
}

function valueBits(object: FoundObject): number {
  const length = numberOf(object, CKA.VALUE_LEN);
  if (length !== undefined) return length * 8;
  throw notSupported("Cannot adopt the key: the token does not tell CKA_VALUE_LEN");
}
