/**
 * Published answers for what Wycheproof lacks, few, copied by hand from the documents that each row names.
 * Every row is used in the direction that has one answer.
 */
import {
  type Algorithm,
  type AsymmetricSignature,
  type Cipher,
  CipherMode,
  type Mac,
} from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import type { DerivationInputs } from "../../src/psa/key_derivation.ts";

interface Row {
  readonly source: string;
  readonly type: KeyType;
  /** Hex. */
  readonly key: string;
}

export interface CipherAnswer extends Row {
  readonly alg: Cipher;
  /** Hex; empty for ECB. */
  readonly iv: string;
  readonly plaintext: string;
  readonly ciphertext: string;
}

export interface MacAnswer extends Row {
  readonly alg: Mac;
  readonly input: string;
  readonly mac: string;
}

export interface SignatureAnswer extends Row {
  readonly alg: AsymmetricSignature;
  readonly bits: number;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}

export interface DerivationAnswer extends Row {
  readonly alg: Algorithm;
  readonly inputs: DerivationInputs;
  readonly output: string;
}

const AES: KeyType = { kind: "aes" };
const CAMELLIA: KeyType = { kind: "camellia" };
const DES: KeyType = { kind: "des" };
const mode = (name: keyof typeof CipherMode): Cipher => ({ kind: "cipher", mode: CipherMode[name] });

const AES_128 = "2b7e151628aed2a6abf7158809cf4f3c";
const AES_256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const COUNTER = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
const IV = "000102030405060708090a0b0c0d0e0f";
/** Of SP 800-38A: four blocks. */
const PLAINTEXT = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
  "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
const FIRST_BLOCK = PLAINTEXT.slice(0, 32);

export const CIPHER_ANSWERS: readonly CipherAnswer[] = [
  {
    source: "SP 800-38A, F.1.1",
    type: AES,
    key: AES_128,
    alg: mode("EcbNoPadding"),
    iv: "",
    plaintext: PLAINTEXT,
    ciphertext: "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf" +
      "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4",
  },
  {
    source: "SP 800-38A, F.1.5",
    type: AES,
    key: AES_256,
    alg: mode("EcbNoPadding"),
    iv: "",
    plaintext: FIRST_BLOCK,
    ciphertext: "f3eed1bdb5d2a03c064b5a7e3db181f8",
  },
  {
    source: "SP 800-38A, F.2.1",
    type: AES,
    key: AES_128,
    alg: mode("CbcNoPadding"),
    iv: IV,
    plaintext: PLAINTEXT,
    ciphertext: "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2" +
      "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
  },
  {
    source: "SP 800-38A, F.3.13",
    type: AES,
    key: AES_128,
    alg: mode("Cfb"),
    iv: IV,
    plaintext: PLAINTEXT,
    ciphertext: "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b" +
      "26751f67a3cbb140b1808cf187a4f4dfc04b05357c5d1c0eeac4c66f9ff7f2e6",
  },
  {
    source: "SP 800-38A, F.4.1",
    type: AES,
    key: AES_128,
    alg: mode("Ofb"),
    iv: IV,
    plaintext: PLAINTEXT,
    ciphertext: "3b3fd92eb72dad20333449f8e83cfb4a7789508d16918f03f53c52dac54ed825" +
      "9740051e9c5fecf64344f7a82260edcc304c6528f659c77866a510d9c1d6ae5e",
  },
  {
    source: "SP 800-38A, F.5.1",
    type: AES,
    key: AES_128,
    alg: mode("Ctr"),
    iv: COUNTER,
    plaintext: PLAINTEXT,
    ciphertext: "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff" +
      "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
  },
  {
    source: "SP 800-38A, F.5.1, its first 5 bytes",
    type: AES,
    key: AES_128,
    alg: mode("Ctr"),
    iv: COUNTER,
    plaintext: "6bc1bee22e",
    ciphertext: "874d6191b6",
  },
  {
    source: "RFC 3713, appendix A",
    type: CAMELLIA,
    key: "0123456789abcdeffedcba9876543210",
    alg: mode("EcbNoPadding"),
    iv: "",
    plaintext: "0123456789abcdeffedcba9876543210",
    ciphertext: "67673138549669730857065648eabe43",
  },
  {
    source: "RFC 3713, appendix A",
    type: CAMELLIA,
    key: "0123456789abcdeffedcba98765432100011223344556677",
    alg: mode("EcbNoPadding"),
    iv: "",
    plaintext: "0123456789abcdeffedcba9876543210",
    ciphertext: "b4993401b3e996f84ee5cee7d79b09b9",
  },
  {
    source: "RFC 3713, appendix A",
    type: CAMELLIA,
    key: "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff",
    alg: mode("EcbNoPadding"),
    iv: "",
    plaintext: "0123456789abcdeffedcba9876543210",
    ciphertext: "9acc237dff16d76c20ef7c919e3a7509",
  },
  {
    source: "SP 800-67, appendix B.1",
    type: DES,
    key: "0123456789abcdef23456789abcdef01456789abcdef0123",
    alg: mode("EcbNoPadding"),
    iv: "",
    plaintext: "5468652071756663 6b2062726f776e20 666f78206a756d70".replaceAll(" ", ""),
    ciphertext: "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900",
  },
  {
    source: "RFC 8439, appendix A.1, the first test vector",
    type: { kind: "chacha20" },
    key: "00".repeat(32),
    alg: mode("StreamCipher"),
    iv: "00".repeat(12),
    plaintext: "00".repeat(64),
    ciphertext: "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7" +
      "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
  },
];

export const MAC_ANSWERS: readonly MacAnswer[] = [
  {
    source: "SP 800-38B, D.4, the first example",
    type: DES,
    key: "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
    alg: { kind: "cmac" },
    input: "",
    mac: "b7a688e122ffaf95",
  },
  {
    source: "SP 800-38B, D.4, the second example",
    type: DES,
    key: "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
    alg: { kind: "cmac" },
    input: "6bc1bee22e409f96",
    mac: "8e8f293136283797",
  },
  {
    source: "RFC 2202, section 2, the second test case",
    type: { kind: "hmac" },
    key: "4a656665",
    alg: { kind: "hmac", hash: Hash.Md5 },
    input: "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
    mac: "750c783e6ab0b503eaa86e310a5db738",
  },
];

export const SIGNATURE_ANSWERS: readonly SignatureAnswer[] = [
  {
    source: "RFC 6979, appendix A.2.5, SHA-256, \"sample\"",
    type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    bits: 256,
    key: "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    publicKey: "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" +
      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    alg: { kind: "deterministic_ecdsa", hash: Hash.Sha256 },
    message: "73616d706c65",
    signature: "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
  },
];

const PRF = { kind: "tls12_prf", hash: Hash.Sha256 } as const;

export const DERIVATION_ANSWERS: readonly DerivationAnswer[] = [
  {
    source: "IETF TLS working group, \"Test vectors for TLS 1.2 PRF\", SHA-256",
    type: { kind: "derive" },
    key: "9bbe436ba940f017b17652849a71db35",
    alg: PRF,
    inputs: {
      ...PRF,
      label: new TextEncoder().encode("test label"),
      seed: Uint8Array.fromHex("a0ba9f936cda311827a6f796ffd5198c"),
    },
    output: "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a" +
      "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab" +
      "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701" +
      "87347b66",
  },
];
