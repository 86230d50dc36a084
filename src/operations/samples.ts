/**
 * Values for the tests of the codecs: every algorithm and key type there is, and operations and
 * results of
 * every kind. Not part of the service.
 */
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../psa/algorithm.ts";
import { Hash, type HashOrAny } from "../psa/hash.ts";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import { DhFamily, EccFamily, type KeyType, PLAIN_KEY_TYPES } from "../psa/key_type.ts";
import { USAGE_FLAGS, usageFlags } from "../psa/usage_flags.ts";

export const HASHES: readonly Hash[] = Object.values(Hash);
const HASHES_OR_ANY: readonly HashOrAny[] = ["any", ...HASHES];
/** Shortened lengths of a tag or MAC, bytes, with the edges of a u32. */
const LENGTHS = [0, 1, 8, 127, 128, 2 ** 32 - 1];
const MAC_FORMS = [{}, ...LENGTHS.map((macLength) => ({ macLength }))];
const TAG_FORMS = [{}, ...LENGTHS.map((tagLength) => ({ tagLength }))];

type OfKind<K extends Algorithm["kind"]> = Algorithm & { readonly kind: K };

function derivations<K extends "hkdf" | "tls12_prf" | "tls12_psk_to_ms">(kind: K) {
  return HASHES.map((hash) => ({ kind, hash }));
}

const ALGORITHMS_BY_KIND: { readonly [K in Algorithm["kind"]]: readonly OfKind<K>[] } = {
  none: [{ kind: "none" }],
  hash: HASHES.map((hash) => ({ kind: "hash", hash })),
  hmac: HASHES.flatMap((hash) => MAC_FORMS.map((form) => ({ kind: "hmac", hash, ...form }))),
  cbc_mac: MAC_FORMS.map((form) => ({ kind: "cbc_mac", ...form })),
  cmac: MAC_FORMS.map((form) => ({ kind: "cmac", ...form })),
  cipher: Object.values(CipherMode).map((mode) => ({ kind: "cipher", mode })),
  aead: Object.values(AeadMode).flatMap((mode) =>
    TAG_FORMS.map((form) => ({ kind: "aead", mode, ...form }))
  ),
  rsa_pkcs1v15_sign: HASHES_OR_ANY.map((hash) => ({ kind: "rsa_pkcs1v15_sign", hash })),
  rsa_pkcs1v15_sign_raw: [{ kind: "rsa_pkcs1v15_sign_raw" }],
  rsa_pss: HASHES_OR_ANY.map((hash) => ({ kind: "rsa_pss", hash })),
  ecdsa: HASHES_OR_ANY.map((hash) => ({ kind: "ecdsa", hash })),
  ecdsa_any: [{ kind: "ecdsa_any" }],
  deterministic_ecdsa: HASHES_OR_ANY.map((hash) => ({ kind: "deterministic_ecdsa", hash })),
  rsa_pkcs1v15_crypt: [{ kind: "rsa_pkcs1v15_crypt" }],
  rsa_oaep: HASHES.map((hash) => ({ kind: "rsa_oaep", hash })),
  raw_key_agreement: Object.values(Agreement).map((agreement) => ({
    kind: "raw_key_agreement",
    agreement,
  })),
  key_agreement_with_derivation: Object.values(Agreement).flatMap((agreement) =>
    [...derivations("hkdf"), ...derivations("tls12_prf"), ...derivations("tls12_psk_to_ms")]
      .map((derivation) => ({
        kind: "key_agreement_with_derivation",
        agreement,
        derivation,
      }))
  ),
  hkdf: derivations("hkdf"),
  tls12_prf: derivations("tls12_prf"),
  tls12_psk_to_ms: derivations("tls12_psk_to_ms"),
};

/** The algorithms of some kinds, with every hash, mode and length. */
export function algorithmsOf<K extends Algorithm["kind"]>(
  ...kinds: readonly K[]
): readonly OfKind<K>[] {
  return kinds.flatMap((kind) => ALGORITHMS_BY_KIND[kind] as readonly OfKind<K>[]);
}

export const ALGORITHMS: readonly Algorithm[] = Object.values(ALGORITHMS_BY_KIND).flat();

const FAMILIES: readonly EccFamily[] = Object.values(EccFamily);

export const KEY_TYPES: readonly KeyType[] = [
  ...PLAIN_KEY_TYPES.map((kind) => ({ kind })),
  ...FAMILIES.map((family) => ({ kind: "ecc_key_pair", family }) as const),
  ...FAMILIES.map((family) => ({ kind: "ecc_public_key", family }) as const),
  { kind: "dh_key_pair", family: DhFamily.Rfc7919 },
  { kind: "dh_public_key", family: DhFamily.Rfc7919 },
];

/** Attributes in which every key type, every algorithm and every usage flag occurs. */
export const KEY_ATTRIBUTES: readonly KeyAttributes[] = [
  ...KEY_TYPES.map((type, i): KeyAttributes => ({
    type,
    bits: [0, 1, 127, 128, 256, 2048, 2 ** 32 - 1][i % 7] ?? 0,
    policy: {
      usageFlags: usageFlags(...USAGE_FLAGS.filter((_, bit) => (i >> (bit % 5)) % 2 === 1)),
      permittedAlgorithm: { kind: "none" },
    },
  })),
  ...USAGE_FLAGS.map((flag): KeyAttributes => ({
    type: { kind: "raw_data" },
    bits: 8,
    policy: { usageFlags: usageFlags(flag), permittedAlgorithm: { kind: "none" } },
  })),
  ...ALGORITHMS.map((permittedAlgorithm): KeyAttributes => ({
    type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: 256,
    policy: { usageFlags: usageFlags(), permittedAlgorithm },
  })),
];
