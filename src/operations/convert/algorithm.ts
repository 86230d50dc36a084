/**
 * Algorithms to and from the wire (contract `proto/psa_algorithm.proto`).
 *
 * Decoders take a message as decoding left it, absent included, and throw {@linkcode StatusError}
 * InvalidEncoding if something mandatory is absent or an enumeration's value has no meaning.
 */
import type { psa_algorithm } from "../../../proto/generated/contracts.js";
import {
  type Aead,
  AeadMode,
  Agreement,
  type Algorithm,
  type AsymmetricEncryption,
  type AsymmetricSignature,
  CipherMode,
  type KeyAgreement,
  type KeyDerivation,
  type Mac,
} from "../../psa/algorithm.ts";
import { Hash, type HashOrAny } from "../../psa/hash.ts";
import { enumeration, oneof } from "./wire_value.ts";

type Wire = psa_algorithm.Algorithm;
type WireSignature = psa_algorithm.Algorithm.AsymmetricSignature;
type WireSignHash = psa_algorithm.Algorithm.AsymmetricSignature.SignHash;
type WireEncryption = psa_algorithm.Algorithm.AsymmetricEncryption;
type WireMac = psa_algorithm.Algorithm.Mac;
type WireFullLength = psa_algorithm.Algorithm.Mac.FullLength;
type WireAead = psa_algorithm.Algorithm.Aead;
type WireAgreement = psa_algorithm.Algorithm.KeyAgreement;
type WireDerivation = psa_algorithm.Algorithm.KeyDerivation;

export const decodeHash = enumeration("hash", Hash);
export const decodeCipherMode = enumeration("cipher", CipherMode);
export const decodeAgreement = enumeration("raw key agreement", Agreement);
const decodeAeadMode = enumeration("AEAD", AeadMode);

const decodeSignHash = oneof<WireSignHash, HashOrAny>("hash of a signature", {
  any: () => "any",
  specific: decodeHash,
});

function encodeSignHash(hash: HashOrAny): WireSignHash {
  return hash === "any" ? { any: {} } : { specific: hash };
}

export const decodeAsymmetricSignature = oneof<WireSignature, AsymmetricSignature>(
  "asymmetric signature",
  {
    rsa_pkcs1v15_sign: (m) => ({ kind: "rsa_pkcs1v15_sign", hash: decodeSignHash(m.hash_alg) }),
    rsa_pkcs1v15_sign_raw: () => ({ kind: "rsa_pkcs1v15_sign_raw" }),
    rsa_pss: (m) => ({ kind: "rsa_pss", hash: decodeSignHash(m.hash_alg) }),
    ecdsa: (m) => ({ kind: "ecdsa", hash: decodeSignHash(m.hash_alg) }),
    ecdsa_any: () => ({ kind: "ecdsa_any" }),
    deterministic_ecdsa: (m) => ({
      kind: "deterministic_ecdsa",
      hash: decodeSignHash(m.hash_alg),
    }),
  },
);

export function encodeAsymmetricSignature(algorithm: AsymmetricSignature): WireSignature {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
      return { rsa_pkcs1v15_sign: { hash_alg: encodeSignHash(algorithm.hash) } };
    case "rsa_pkcs1v15_sign_raw":
      return { rsa_pkcs1v15_sign_raw: {} };
    case "rsa_pss":
      return { rsa_pss: { hash_alg: encodeSignHash(algorithm.hash) } };
    case "ecdsa":
      return { ecdsa: { hash_alg: encodeSignHash(algorithm.hash) } };
    case "ecdsa_any":
      return { ecdsa_any: {} };
    case "deterministic_ecdsa":
      return { deterministic_ecdsa: { hash_alg: encodeSignHash(algorithm.hash) } };
  }
}

export const decodeAsymmetricEncryption = oneof<WireEncryption, AsymmetricEncryption>(
  "asymmetric encryption",
  {
    rsa_pkcs1v15_crypt: () => ({ kind: "rsa_pkcs1v15_crypt" }),
    rsa_oaep: (m) => ({ kind: "rsa_oaep", hash: decodeHash(m.hash_alg) }),
  },
);

export function encodeAsymmetricEncryption(algorithm: AsymmetricEncryption): WireEncryption {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_crypt":
      return { rsa_pkcs1v15_crypt: {} };
    case "rsa_oaep":
      return { rsa_oaep: { hash_alg: algorithm.hash } };
  }
}

const decodeFullLength = oneof<WireFullLength, Mac>("MAC", {
  hmac: (m) => ({ kind: "hmac", hash: decodeHash(m.hash_alg) }),
  cbc_mac: () => ({ kind: "cbc_mac" }),
  cmac: () => ({ kind: "cmac" }),
});

function encodeFullLength(algorithm: Mac): WireFullLength {
  switch (algorithm.kind) {
    case "hmac":
      return { hmac: { hash_alg: algorithm.hash } };
    case "cbc_mac":
      return { cbc_mac: {} };
    case "cmac":
      return { cmac: {} };
  }
}

export const decodeMac = oneof<WireMac, Mac>("MAC", {
  full_length: decodeFullLength,
  truncated: (m) => ({ ...decodeFullLength(m.mac_alg), macLength: m.mac_length }),
});

export function encodeMac(algorithm: Mac): WireMac {
  const fullLength = encodeFullLength(algorithm);
  return algorithm.macLength === undefined
    ? { full_length: fullLength }
    : { truncated: { mac_alg: fullLength, mac_length: algorithm.macLength } };
}

export const decodeAead = oneof<WireAead, Aead>("AEAD", {
  aead_with_default_length_tag: (code) => ({ kind: "aead", mode: decodeAeadMode(code) }),
  aead_with_shortened_tag: (m) => ({
    kind: "aead",
    mode: decodeAeadMode(m.aead_alg),
    tagLength: m.tag_length,
  }),
});

export function encodeAead({ mode, tagLength }: Aead): WireAead {
  return tagLength === undefined
    ? { aead_with_default_length_tag: mode }
    : { aead_with_shortened_tag: { aead_alg: mode, tag_length: tagLength } };
}

const decodeKeyDerivation = oneof<WireDerivation, KeyDerivation>("key derivation", {
  hkdf: (m) => ({ kind: "hkdf", hash: decodeHash(m.hash_alg) }),
  tls12_prf: (m) => ({ kind: "tls12_prf", hash: decodeHash(m.hash_alg) }),
  tls12_psk_to_ms: (m) => ({ kind: "tls12_psk_to_ms", hash: decodeHash(m.hash_alg) }),
});

function encodeKeyDerivation({ kind, hash }: KeyDerivation): WireDerivation {
  switch (kind) {
    case "hkdf":
      return { hkdf: { hash_alg: hash } };
    case "tls12_prf":
      return { tls12_prf: { hash_alg: hash } };
    case "tls12_psk_to_ms":
      return { tls12_psk_to_ms: { hash_alg: hash } };
  }
}

const decodeKeyAgreement = oneof<WireAgreement, KeyAgreement>("key agreement", {
  raw: (code) => ({ kind: "raw_key_agreement", agreement: decodeAgreement(code) }),
  with_key_derivation: (m) => ({
    kind: "key_agreement_with_derivation",
    agreement: decodeAgreement(m.ka_alg),
    derivation: decodeKeyDerivation(m.kdf_alg),
  }),
});

function encodeKeyAgreement(algorithm: KeyAgreement): WireAgreement {
  switch (algorithm.kind) {
    case "raw_key_agreement":
      return { raw: algorithm.agreement };
    case "key_agreement_with_derivation":
      return {
        with_key_derivation: {
          ka_alg: algorithm.agreement,
          kdf_alg: encodeKeyDerivation(algorithm.derivation),
        },
      };
  }
}

export const decodeAlgorithm = oneof<Wire, Algorithm>("algorithm", {
  none: () => ({ kind: "none" }),
  hash: (code) => ({ kind: "hash", hash: decodeHash(code) }),
  mac: decodeMac,
  cipher: (code) => ({ kind: "cipher", mode: decodeCipherMode(code) }),
  aead: decodeAead,
  asymmetric_signature: decodeAsymmetricSignature,
  asymmetric_encryption: decodeAsymmetricEncryption,
  key_agreement: decodeKeyAgreement,
  key_derivation: decodeKeyDerivation,
});

export function encodeAlgorithm(algorithm: Algorithm): Wire {
  switch (algorithm.kind) {
    case "none":
      return { none: {} };
    case "hash":
      return { hash: algorithm.hash };
    case "hmac":
    case "cbc_mac":
    case "cmac":
      return { mac: encodeMac(algorithm) };
    case "cipher":
      return { cipher: algorithm.mode };
    case "aead":
      return { aead: encodeAead(algorithm) };
    case "rsa_pkcs1v15_sign":
    case "rsa_pkcs1v15_sign_raw":
    case "rsa_pss":
    case "ecdsa":
    case "ecdsa_any":
    case "deterministic_ecdsa":
      return { asymmetric_signature: encodeAsymmetricSignature(algorithm) };
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep":
      return { asymmetric_encryption: encodeAsymmetricEncryption(algorithm) };
    case "raw_key_agreement":
    case "key_agreement_with_derivation":
      return { key_agreement: encodeKeyAgreement(algorithm) };
    case "hkdf":
    case "tls12_prf":
    case "tls12_psk_to_ms":
      return { key_derivation: encodeKeyDerivation(algorithm) };
  }
}
