/**
 * Key types and algorithms as parsec-tool 0.7.0 prints them in `list-keys`:
 * `AsymmetricSignature(Ecdsa { hash_alg: Specific(Sha256) })`.
 */
import {
  AeadMode,
  Agreement,
  type Algorithm,
  CipherMode,
  type KeyDerivation,
} from "../psa/algorithm.ts";
import { Hash, type HashOrAny } from "../psa/hash.ts";
import { DhFamily, EccFamily, type KeyType } from "../psa/key_type.ts";

const HASHES = namesOf(Hash);
const CIPHERS = namesOf(CipherMode);
const AEADS = namesOf({
  Ccm: AeadMode.Ccm,
  Gcm: AeadMode.Gcm,
  Chacha20Poly1305: AeadMode.ChaCha20Poly1305,
});
const AGREEMENTS = namesOf(Agreement);
const ECC_FAMILIES = namesOf(EccFamily);
const DH_FAMILIES = namesOf(DhFamily);

export function displayKeyType(type: KeyType): string {
  const name = pascalCase(type.kind);
  switch (type.kind) {
    case "ecc_key_pair":
    case "ecc_public_key":
      return `${name} { curve_family: ${ECC_FAMILIES.get(type.family)} }`;
    case "dh_key_pair":
    case "dh_public_key":
      return `${name} { group_family: ${DH_FAMILIES.get(type.family)} }`;
    default:
      return name;
  }
}

export function displayAlgorithm(algorithm: Algorithm): string {
  switch (algorithm.kind) {
    case "none":
      return "None";
    case "hash":
      return `Hash(${HASHES.get(algorithm.hash)})`;
    case "hmac":
      return `Mac(${displayMac(withHash("Hmac", algorithm.hash), algorithm.macLength)})`;
    case "cbc_mac":
    case "cmac":
      return `Mac(${displayMac(pascalCase(algorithm.kind), algorithm.macLength)})`;
    case "cipher":
      return `Cipher(${CIPHERS.get(algorithm.mode)})`;
    case "aead":
      return `Aead(${displayAead(AEADS.get(algorithm.mode), algorithm.tagLength)})`;
    case "rsa_pkcs1v15_sign":
    case "rsa_pss":
    case "ecdsa":
    case "deterministic_ecdsa":
      return `AsymmetricSignature(${pascalCase(algorithm.kind)} { hash_alg: ${
        displaySignHash(algorithm.hash)
      } })`;
    case "rsa_pkcs1v15_sign_raw":
    case "ecdsa_any":
      return `AsymmetricSignature(${pascalCase(algorithm.kind)})`;
    case "rsa_pkcs1v15_crypt":
      return "AsymmetricEncryption(RsaPkcs1v15Crypt)";
    case "rsa_oaep":
      return `AsymmetricEncryption(${withHash("RsaOaep", algorithm.hash)})`;
    case "raw_key_agreement":
      return `KeyAgreement(Raw(${AGREEMENTS.get(algorithm.agreement)}))`;
    case "key_agreement_with_derivation":
      return `KeyAgreement(WithKeyDerivation { ka_alg: ${
        AGREEMENTS.get(algorithm.agreement)
      }, kdf_alg: ${displayDerivation(algorithm.derivation)} })`;
    case "hkdf":
    case "tls12_prf":
    case "tls12_psk_to_ms":
      return `KeyDerivation(${displayDerivation(algorithm)})`;
  }
}

function displayMac(full: string, macLength: number | undefined): string {
  return macLength === undefined
    ? `FullLength(${full})`
    : `Truncated { mac_alg: ${full}, mac_length: ${macLength} }`;
}

function displayAead(mode: string | undefined, tagLength: number | undefined): string {
  return tagLength === undefined
    ? `AeadWithDefaultLengthTag(${mode})`
    : `AeadWithShortenedTag { aead_alg: ${mode}, tag_length: ${tagLength} }`;
}

function displaySignHash(hash: HashOrAny): string {
  return hash === "any" ? "Any" : `Specific(${HASHES.get(hash)})`;
}

function displayDerivation(derivation: KeyDerivation): string {
  return withHash(pascalCase(derivation.kind), derivation.hash);
}

function withHash(name: string, hash: Hash): string {
  return `${name} { hash_alg: ${HASHES.get(hash)} }`;
}

function namesOf(numbers: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
}

/** `rsa_pkcs1v15_sign` to `RsaPkcs1v15Sign`. */
function pascalCase(kind: string): string {
  return kind.split("_").map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
