/**
 * Algorithms (PSA Crypto API 1.0, "Algorithms"), as the contract `psa_algorithm` carries them: closed
 * unions, told apart by `kind`, so that a new member shows every place that must know it.
 */
import { type Hash, hashName, type HashOrAny } from "./hash.ts";

/** Cipher modes; numbers of the contract, whose 0 ("none") no request may use. */
export const CipherMode = {
  StreamCipher: 1,
  Ctr: 2,
  Cfb: 3,
  Ofb: 4,
  Xts: 5,
  EcbNoPadding: 6,
  CbcNoPadding: 7,
  CbcPkcs7: 8,
} as const;
export type CipherMode = typeof CipherMode[keyof typeof CipherMode];

/** AEAD constructions; numbers of the contract, whose 0 ("none") no request may use. */
export const AeadMode = { Ccm: 1, Gcm: 2, ChaCha20Poly1305: 3 } as const;
export type AeadMode = typeof AeadMode[keyof typeof AeadMode];

/** Key agreement; numbers of the contract, whose 0 ("none") no request may use. */
export const Agreement = { Ffdh: 1, Ecdh: 2 } as const;
export type Agreement = typeof Agreement[keyof typeof Agreement];

/** Full tag length of every AEAD of the contract, bytes. */
export const AEAD_TAG_LENGTH = 16;

export type HashAlgorithm = { readonly kind: "hash"; readonly hash: Hash };

/** `macLength` (bytes) is there when the algorithm is the truncated form. */
export type Mac =
  | { readonly kind: "hmac"; readonly hash: Hash; readonly macLength?: number }
  | { readonly kind: "cbc_mac" | "cmac"; readonly macLength?: number };

export type Cipher = { readonly kind: "cipher"; readonly mode: CipherMode };

/** `tagLength` (bytes) is there when the algorithm is the shortened form. */
export type Aead = { readonly kind: "aead"; readonly mode: AeadMode; readonly tagLength?: number };

export type AsymmetricSignature =
  | { readonly kind: "rsa_pkcs1v15_sign"; readonly hash: HashOrAny }
  | { readonly kind: "rsa_pkcs1v15_sign_raw" }
  | { readonly kind: "rsa_pss"; readonly hash: HashOrAny }
  | { readonly kind: "ecdsa"; readonly hash: HashOrAny }
  | { readonly kind: "ecdsa_any" }
  | { readonly kind: "deterministic_ecdsa"; readonly hash: HashOrAny };

export type AsymmetricEncryption =
  | { readonly kind: "rsa_pkcs1v15_crypt" }
  | { readonly kind: "rsa_oaep"; readonly hash: Hash };

export type KeyDerivation = {
  readonly kind: "hkdf" | "tls12_prf" | "tls12_psk_to_ms";
  readonly hash: Hash;
};

export type RawKeyAgreement = {
  readonly kind: "raw_key_agreement";
  readonly agreement: Agreement;
};

export type KeyAgreement = RawKeyAgreement | {
  readonly kind: "key_agreement_with_derivation";
  readonly agreement: Agreement;
  readonly derivation: KeyDerivation;
};

export type Algorithm =
  | { readonly kind: "none" }
  | HashAlgorithm
  | Mac
  | Cipher
  | Aead
  | AsymmetricSignature
  | AsymmetricEncryption
  | KeyAgreement
  | KeyDerivation;

/**
 * The hash that a signature algorithm prescribes: a {@linkcode Hash}, "any" where it is a policy's
 * wildcard, or `undefined` where the algorithm takes any bytes (raw PKCS#1 v1.5, ECDSA-any).
 */
export function signatureHash(algorithm: AsymmetricSignature): HashOrAny | undefined {
  return "hash" in algorithm ? algorithm.hash : undefined;
}

/** Every hash an algorithm mentions, at any depth; for the deprecation rule. */
export function hashesOf(algorithm: Algorithm): readonly Hash[] {
  if (algorithm.kind === "key_agreement_with_derivation") return [algorithm.derivation.hash];
  return "hash" in algorithm && algorithm.hash !== "any" ? [algorithm.hash] : [];
}

/** Structural equality; both sides come from the same decoder, so absent and `undefined` are alike. */
export function sameAlgorithm(a: Algorithm, b: Algorithm): boolean {
  if (a.kind !== b.kind) return false;
  const left = a as unknown as Record<string, unknown>;
  const right = b as unknown as Record<string, unknown>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (key === "derivation") {
      if (!sameAlgorithm(left[key] as Algorithm, right[key] as Algorithm)) return false;
    } else if (left[key] !== right[key]) return false;
  }
  return true;
}

const CIPHER_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(CipherMode).map(([name, code]) => [code, name]),
);
const AEAD_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(AeadMode).map(([name, code]) => [code, name]),
);

/** An algorithm for people, in logs and lists: `ecdsa(SHA-256)`. */
export function algorithmName(algorithm: Algorithm): string {
  switch (algorithm.kind) {
    case "cipher":
      return `cipher(${CIPHER_NAMES.get(algorithm.mode)})`;
    case "aead":
      return `aead(${AEAD_NAMES.get(algorithm.mode)}${
        algorithm.tagLength === undefined ? "" : `, tag ${algorithm.tagLength}`
      })`;
    case "raw_key_agreement":
      return algorithm.agreement === Agreement.Ecdh ? "ecdh" : "ffdh";
    case "key_agreement_with_derivation": {
      const raw = { kind: "raw_key_agreement", agreement: algorithm.agreement } as const;
      return `${algorithmName(raw)}(${algorithmName(algorithm.derivation)})`;
    }
    case "cbc_mac":
    case "cmac":
    case "hmac": {
      const parts = [
        ...(algorithm.kind === "hmac" ? [hashName(algorithm.hash)] : []),
        ...(algorithm.macLength === undefined ? [] : [`${algorithm.macLength} bytes`]),
      ];
      return parts.length === 0 ? algorithm.kind : `${algorithm.kind}(${parts.join(", ")})`;
    }
    default:
      return "hash" in algorithm
        ? `${algorithm.kind}(${hashName(algorithm.hash)})`
        : algorithm.kind;
  }
}
