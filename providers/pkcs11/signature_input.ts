/** What a token is given for each signature algorithm, and what it gives back. */
import type { MechanismParameter } from "../../ffi/pkcs11/mod.ts";
import type { AsymmetricSignature } from "../../src/psa/algorithm.ts";
import { hashLength, type HashOrAny } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { digestInfo, type HashRow, hashRow } from "./hashes.ts";
import { invalidArgument } from "./refusals.ts";

/** Least padding of PKCS#1 v1.5, bytes. */
const PKCS1_PADDING = 11;

/** Bytes of a signature: of the modulus, or twice those of the field. */
export function signatureBytes({ type, bits }: KeyAttributes): number {
  const bytes = Math.ceil(bits / 8);
  return isRsa(type.kind) ? bytes : 2 * bytes;
}

function isRsa(kind: string): boolean {
  return kind.startsWith("rsa_");
}

/**
 * What the mechanism is given for a hash.
 *
 * @throws {StatusError} PsaErrorInvalidArgument if it does not fit the key.
 */
export function signatureInput(
  algorithm: AsymmetricSignature,
  { bits }: KeyAttributes,
  hash: Uint8Array,
): Uint8Array {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
      return fitting(digestInfo(rowOf(algorithm), hash), bits);
    case "rsa_pkcs1v15_sign_raw":
      return fitting(hash, bits);
    case "rsa_pss":
      return hash;
    case "ecdsa":
    case "ecdsa_any":
    case "deterministic_ecdsa":
      // Only as many bits as the order has count (FIPS 186-4, section 6.4), and not every token cuts by itself.
      // The orders of our curves that are shorter than a hash are whole bytes.
      return hash.subarray(0, Math.ceil(bits / 8));
  }
}

/** @throws {StatusError} PsaErrorInvalidArgument if the hash does not fit the key. */
export function signatureParameter(
  algorithm: AsymmetricSignature,
  bits: number,
): MechanismParameter | undefined {
  if (algorithm.kind !== "rsa_pss") return undefined;
  const { hash, digest, mgf } = rowOf(algorithm);
  if (mgf === undefined) throw invalidArgument("Cannot use PSS: the hash has no mask function");
  return { kind: "pss", hash: digest, mgf, saltLength: pssSaltLength(bits, hashLength(hash)) };
}

/**
 * As long as the hash, or as the key leaves room for (PSA Crypto API 1.1, PSA_ALG_RSA_PSS).
 *
 * @throws {StatusError} PsaErrorInvalidArgument if there is not even room for the hash.
 */
function pssSaltLength(bits: number, length: number): number {
  const room = Math.ceil((bits - 1) / 8) - length - 2;
  if (room >= 0) return Math.min(length, room);
  throw invalidArgument(`Cannot use PSS: a key of ${bits} bits is too small for the hash`);
}

function rowOf({ hash }: { readonly hash: HashOrAny }): HashRow {
  const row = hashRow(hash);
  if (row === undefined) throw invalidArgument("Cannot use a signature algorithm: no such hash");
  return row;
}

function fitting(data: Uint8Array, bits: number): Uint8Array {
  const room = bits / 8 - PKCS1_PADDING;
  if (data.length <= room) return data;
  throw invalidArgument(`Cannot sign ${data.length} bytes: a key of ${bits} bits takes ${room}`);
}
