/**
 * What libcrypto is told for each RSA algorithm (RFC 8017), and what fits into a key.
 */
import type { Digest, Param } from "../../ffi/libcrypto/mod.ts";
import type { AsymmetricEncryption, AsymmetricSignature } from "../../src/psa/algorithm.ts";
import type { Hash } from "../../src/psa/hash.ts";
import { invalidArgument } from "./refusals.ts";

/** The digest of a hash. @throws {StatusError} PsaErrorNotSupported */
type DigestOf = (hash: Hash) => Digest;

/** Least padding of PKCS#1 v1.5, bytes. */
const PKCS1_PADDING = 11;

/** @throws {StatusError} PsaErrorNotSupported, PsaErrorInvalidArgument */
export function signatureParams(
  algorithm: AsymmetricSignature,
  keyBits: number,
  digestOf: DigestOf,
): readonly Param[] {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign_raw":
      return [{ key: "pad-mode", text: "pkcs1" }];
    case "rsa_pkcs1v15_sign":
      if (algorithm.hash === "any") break;
      return [
        { key: "pad-mode", text: "pkcs1" },
        { key: "digest", text: digestOf(algorithm.hash).name },
      ];
    case "rsa_pss": {
      if (algorithm.hash === "any") break;
      const { name, length } = digestOf(algorithm.hash);
      return [
        { key: "pad-mode", text: "pss" },
        { key: "digest", text: name },
        { key: "mgf1-digest", text: name },
        { key: "saltlen", int: pssSaltLength(keyBits, length) },
      ];
    }
  }
  throw invalidArgument(`Cannot use ${algorithm.kind} with an RSA key`);
}

/**
 * As long as the hash, or as the key leaves room for (PSA Crypto API 1.1, PSA_ALG_RSA_PSS).
 *
 * @param hashLength bytes
 * @returns bytes
 */
function pssSaltLength(keyBits: number, hashLength: number): number {
  const encodedLength = Math.ceil((keyBits - 1) / 8);
  return Math.min(hashLength, encodedLength - hashLength - 2);
}

/** Most bytes that raw PKCS#1 v1.5 signs. */
export function rawSignatureRoom(keyBits: number): number {
  return keyBits / 8 - PKCS1_PADDING;
}

/** Most bytes that fit into a ciphertext; negative if the key is too small for the algorithm. */
export function plaintextRoom(
  algorithm: AsymmetricEncryption,
  keyBits: number,
  hashLength: (hash: Hash) => number,
): number {
  const size = keyBits / 8;
  return algorithm.kind === "rsa_oaep"
    ? size - 2 * hashLength(algorithm.hash) - 2
    : size - PKCS1_PADDING;
}

/**
 * Implicit rejection of PKCS#1 v1.5 stays on where libcrypto has it (OpenSSL 3.2): wrong padding then decrypts to
 * bytes that are made of key and ciphertext, of which nobody can tell that they are no plaintext. An earlier
 * libcrypto fails, and the caller answers alike for all that can be wrong with the padding.
 *
 * @param label Of OAEP; empty otherwise.
 * @throws {StatusError} PsaErrorNotSupported
 */
export function encryptionParams(
  algorithm: AsymmetricEncryption,
  label: Uint8Array,
  digestOf: DigestOf,
): readonly Param[] {
  if (algorithm.kind === "rsa_pkcs1v15_crypt") return [{ key: "pad-mode", text: "pkcs1" }];
  const { name } = digestOf(algorithm.hash);
  return [
    { key: "pad-mode", text: "oaep" },
    { key: "digest", text: name },
    { key: "mgf1-digest", text: name },
    ...(label.length > 0 ? [{ key: "oaep-label", bytes: label }] : []),
  ];
}
