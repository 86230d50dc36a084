import { equal } from "node:assert/strict";
import { ALGORITHMS, KEY_TYPES } from "../../tests/fakes/operation_samples.ts";
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../psa/algorithm.ts";
import { Hash } from "../psa/hash.ts";
import { EccFamily, type KeyType } from "../psa/key_type.ts";
import { displayAlgorithm, displayKeyType } from "./psa_display.ts";

/** The derived `Debug` form of the Rust types in psa-crypto 0.12.0, which parsec-tool 0.7.0 prints. */
const ALGORITHM_ROWS: readonly (readonly [Algorithm, string])[] = [
  [{ kind: "none" }, "None"],
  [{ kind: "hash", hash: Hash.Sha3_256 }, "Hash(Sha3_256)"],
  [{ kind: "hmac", hash: Hash.Sha512_224 }, "Mac(FullLength(Hmac { hash_alg: Sha512_224 }))"],
  [
    { kind: "hmac", hash: Hash.Sha1, macLength: 10 },
    "Mac(Truncated { mac_alg: Hmac { hash_alg: Sha1 }, mac_length: 10 })",
  ],
  [{ kind: "cbc_mac" }, "Mac(FullLength(CbcMac))"],
  [{ kind: "cmac", macLength: 0 }, "Mac(Truncated { mac_alg: Cmac, mac_length: 0 })"],
  [{ kind: "cipher", mode: CipherMode.EcbNoPadding }, "Cipher(EcbNoPadding)"],
  [{ kind: "cipher", mode: CipherMode.CbcPkcs7 }, "Cipher(CbcPkcs7)"],
  [{ kind: "aead", mode: AeadMode.Ccm }, "Aead(AeadWithDefaultLengthTag(Ccm))"],
  [
    { kind: "aead", mode: AeadMode.ChaCha20Poly1305, tagLength: 12 },
    "Aead(AeadWithShortenedTag { aead_alg: Chacha20Poly1305, tag_length: 12 })",
  ],
  [
    { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 },
    "AsymmetricSignature(RsaPkcs1v15Sign { hash_alg: Specific(Sha256) })",
  ],
  [{ kind: "rsa_pkcs1v15_sign_raw" }, "AsymmetricSignature(RsaPkcs1v15SignRaw)"],
  [{ kind: "rsa_pss", hash: "any" }, "AsymmetricSignature(RsaPss { hash_alg: Any })"],
  [
    { kind: "deterministic_ecdsa", hash: Hash.Sha384 },
    "AsymmetricSignature(DeterministicEcdsa { hash_alg: Specific(Sha384) })",
  ],
  [{ kind: "ecdsa_any" }, "AsymmetricSignature(EcdsaAny)"],
  [{ kind: "rsa_pkcs1v15_crypt" }, "AsymmetricEncryption(RsaPkcs1v15Crypt)"],
  [
    { kind: "rsa_oaep", hash: Hash.Ripemd160 },
    "AsymmetricEncryption(RsaOaep { hash_alg: Ripemd160 })",
  ],
  [{ kind: "raw_key_agreement", agreement: Agreement.Ecdh }, "KeyAgreement(Raw(Ecdh))"],
  [
    {
      kind: "key_agreement_with_derivation",
      agreement: Agreement.Ffdh,
      derivation: { kind: "hkdf", hash: Hash.Sha256 },
    },
    "KeyAgreement(WithKeyDerivation { ka_alg: Ffdh, kdf_alg: Hkdf { hash_alg: Sha256 } })",
  ],
  [
    { kind: "tls12_psk_to_ms", hash: Hash.Md5 },
    "KeyDerivation(Tls12PskToMs { hash_alg: Md5 })",
  ],
];

for (const [algorithm, wanted] of ALGORITHM_ROWS) {
  Deno.test(`displayAlgorithm() prints ${wanted}`, () => {
    equal(displayAlgorithm(algorithm), wanted);
  });
}

const TYPE_ROWS: readonly (readonly [KeyType, string])[] = [
  [{ kind: "raw_data" }, "RawData"],
  [{ kind: "chacha20" }, "Chacha20"],
  [{ kind: "rsa_public_key" }, "RsaPublicKey"],
  [
    { kind: "ecc_key_pair", family: EccFamily.BrainpoolPR1 },
    "EccKeyPair { curve_family: BrainpoolPR1 }",
  ],
  [{ kind: "dh_public_key", family: 0 }, "DhPublicKey { group_family: Rfc7919 }"],
];

for (const [type, wanted] of TYPE_ROWS) {
  Deno.test(`displayKeyType() prints ${wanted}`, () => equal(displayKeyType(type), wanted));
}

Deno.test("every algorithm and key type has a form of its own", () => {
  const algorithms = new Set(ALGORITHMS.map(displayAlgorithm));
  equal(algorithms.size, ALGORITHMS.length);
  const types = new Set(KEY_TYPES.map(displayKeyType));
  equal(types.size, KEY_TYPES.length);
  for (const text of [...algorithms, ...types]) equal(text.includes("undefined"), false, text);
});
