/**
 * What the software provider can do, one row each, with what libcrypto needs for it. Which rows count is
 * decided when the provider opens: those that the installed libcrypto has (`registry.ts`).
 */
import type { MontgomeryName } from "../../ffi/libcrypto/mod.ts";
import { AeadMode, CipherMode, type KeyDerivation } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type PlainKeyType } from "../../src/psa/key_type.ts";

export interface HashRow {
  readonly hash: Hash;
  /** Name of the digest in libcrypto. */
  readonly digest: string;
}

export const HASH_ROWS: readonly HashRow[] = [
  { hash: Hash.Md2, digest: "MD2" },
  { hash: Hash.Md4, digest: "MD4" },
  { hash: Hash.Md5, digest: "MD5" },
  { hash: Hash.Ripemd160, digest: "RIPEMD160" },
  { hash: Hash.Sha1, digest: "SHA1" },
  { hash: Hash.Sha224, digest: "SHA2-224" },
  { hash: Hash.Sha256, digest: "SHA2-256" },
  { hash: Hash.Sha384, digest: "SHA2-384" },
  { hash: Hash.Sha512, digest: "SHA2-512" },
  { hash: Hash.Sha512_224, digest: "SHA2-512/224" },
  { hash: Hash.Sha512_256, digest: "SHA2-512/256" },
  { hash: Hash.Sha3_224, digest: "SHA3-224" },
  { hash: Hash.Sha3_256, digest: "SHA3-256" },
  { hash: Hash.Sha3_384, digest: "SHA3-384" },
  { hash: Hash.Sha3_512, digest: "SHA3-512" },
];

/** How a curve is called in libcrypto. Montgomery curves only agree, the others sign as well. */
export type CurveName =
  | { readonly form: "weierstrass"; readonly group: string }
  | { readonly form: "montgomery"; readonly name: MontgomeryName };

export interface CurveRow {
  readonly family: EccFamily;
  readonly bits: number;
  readonly name: CurveName;
  /**
   * Whether an operation takes well under 100 µs and is done at once; the others go to another thread, for
   * they take up to milliseconds (measured, OpenSSL 3.0 on x86_64: P-256 20 µs, P-384 800 µs).
   */
  readonly quick?: true;
}

const weierstrass = (group: string): CurveName => ({ form: "weierstrass", group });
const montgomery = (name: MontgomeryName): CurveName => ({ form: "montgomery", name });
const { SecpK1, SecpR1, SectK1, SectR1, SectR2, BrainpoolPR1, Montgomery } = EccFamily;

/**
 * secp224k1 has 225 bits, those of its order, as PSA counts (PSA Crypto API 1.0, PSA_ECC_FAMILY_SECP_K1): private
 * keys and the halves of signatures have 29 bytes, coordinates and agreed secrets the 28 of its field (SEC 1). Not
 * here: secp160r2, whose order is longer than its field, too, but which PSA counts by its field, so that private
 * keys would not fit; FRP256v1, which libcrypto lacks.
 */
export const CURVE_ROWS: readonly CurveRow[] = [
  { family: SecpK1, bits: 192, name: weierstrass("secp192k1") },
  { family: SecpK1, bits: 225, name: weierstrass("secp224k1") },
  { family: SecpK1, bits: 256, name: weierstrass("secp256k1") },
  { family: SecpR1, bits: 192, name: weierstrass("prime192v1") },
  { family: SecpR1, bits: 224, name: weierstrass("secp224r1"), quick: true },
  { family: SecpR1, bits: 256, name: weierstrass("prime256v1"), quick: true },
  { family: SecpR1, bits: 384, name: weierstrass("secp384r1") },
  { family: SecpR1, bits: 521, name: weierstrass("secp521r1") },
  { family: SectK1, bits: 163, name: weierstrass("sect163k1") },
  { family: SectK1, bits: 233, name: weierstrass("sect233k1") },
  { family: SectK1, bits: 239, name: weierstrass("sect239k1") },
  { family: SectK1, bits: 283, name: weierstrass("sect283k1") },
  { family: SectK1, bits: 409, name: weierstrass("sect409k1") },
  { family: SectK1, bits: 571, name: weierstrass("sect571k1") },
  { family: SectR1, bits: 163, name: weierstrass("sect163r1") },
  { family: SectR1, bits: 233, name: weierstrass("sect233r1") },
  { family: SectR1, bits: 283, name: weierstrass("sect283r1") },
  { family: SectR1, bits: 409, name: weierstrass("sect409r1") },
  { family: SectR1, bits: 571, name: weierstrass("sect571r1") },
  { family: SectR2, bits: 163, name: weierstrass("sect163r2") },
  { family: BrainpoolPR1, bits: 160, name: weierstrass("brainpoolP160r1") },
  { family: BrainpoolPR1, bits: 192, name: weierstrass("brainpoolP192r1") },
  { family: BrainpoolPR1, bits: 224, name: weierstrass("brainpoolP224r1") },
  { family: BrainpoolPR1, bits: 256, name: weierstrass("brainpoolP256r1") },
  { family: BrainpoolPR1, bits: 320, name: weierstrass("brainpoolP320r1") },
  { family: BrainpoolPR1, bits: 384, name: weierstrass("brainpoolP384r1") },
  { family: BrainpoolPR1, bits: 512, name: weierstrass("brainpoolP512r1") },
  { family: Montgomery, bits: 255, name: montgomery("X25519"), quick: true },
  { family: Montgomery, bits: 448, name: montgomery("X448") },
];

/** What an AEAD construction takes, bytes (PSA Crypto API 1.0, "Authenticated encryption"). */
export interface AeadLimits {
  readonly tagLengths: readonly number[];
  readonly minNonce: number;
  readonly maxNonce: number;
  /** Longest nonce that libcrypto takes, where PSA knows longer ones. */
  readonly maxServedNonce?: number;
}

export const AEAD_LIMITS: { readonly [M in AeadMode]: AeadLimits } = {
  [AeadMode.Ccm]: { tagLengths: [4, 6, 8, 10, 12, 14, 16], minNonce: 7, maxNonce: 13 },
  [AeadMode.Gcm]: {
    tagLengths: [4, 8, 12, 13, 14, 15, 16],
    minNonce: 1,
    maxNonce: Infinity,
    maxServedNonce: 128,
  },
  [AeadMode.ChaCha20Poly1305]: { tagLengths: [16], minNonce: 12, maxNonce: 12 },
};

export interface AeadRow {
  readonly type: PlainKeyType;
  readonly bits: number;
  readonly mode: AeadMode;
  /** Name of the cipher in libcrypto; `camellia` where it must be made of the block cipher. */
  readonly cipher: string;
}

export const AEAD_ROWS: readonly AeadRow[] = [
  { type: "aes", bits: 128, mode: AeadMode.Gcm, cipher: "AES-128-GCM" },
  { type: "aes", bits: 192, mode: AeadMode.Gcm, cipher: "AES-192-GCM" },
  { type: "aes", bits: 256, mode: AeadMode.Gcm, cipher: "AES-256-GCM" },
  { type: "aes", bits: 128, mode: AeadMode.Ccm, cipher: "AES-128-CCM" },
  { type: "aes", bits: 192, mode: AeadMode.Ccm, cipher: "AES-192-CCM" },
  { type: "aes", bits: 256, mode: AeadMode.Ccm, cipher: "AES-256-CCM" },
  { type: "camellia", bits: 128, mode: AeadMode.Gcm, cipher: "camellia" },
  { type: "camellia", bits: 192, mode: AeadMode.Gcm, cipher: "camellia" },
  { type: "camellia", bits: 256, mode: AeadMode.Gcm, cipher: "camellia" },
  { type: "camellia", bits: 128, mode: AeadMode.Ccm, cipher: "camellia" },
  { type: "camellia", bits: 192, mode: AeadMode.Ccm, cipher: "camellia" },
  { type: "camellia", bits: 256, mode: AeadMode.Ccm, cipher: "camellia" },
  { type: "chacha20", bits: 256, mode: AeadMode.ChaCha20Poly1305, cipher: "ChaCha20-Poly1305" },
];

export interface CipherRow {
  readonly type: PlainKeyType;
  /** "any": of all that the type has. */
  readonly bits: number | "any";
  readonly mode: CipherMode;
  /** Name of the cipher in libcrypto. */
  readonly cipher: string;
  /** What precedes the ciphertext in a message, bytes. */
  readonly ivLength: number;
  readonly padding?: "pkcs7";
  /** Least length of a plaintext, bytes. */
  readonly minLength?: number;
}

/** The modes of a block cipher but CTR, as libcrypto ends their names. */
function blockCipherRows(
  type: PlainKeyType,
  bits: number,
  name: string,
  blockLength: number,
): readonly CipherRow[] {
  const row = { type, bits, ivLength: blockLength };
  return [
    { ...row, mode: CipherMode.Cfb, cipher: `${name}-CFB` },
    { ...row, mode: CipherMode.Ofb, cipher: `${name}-OFB` },
    { ...row, mode: CipherMode.EcbNoPadding, cipher: `${name}-ECB`, ivLength: 0 },
    { ...row, mode: CipherMode.CbcNoPadding, cipher: `${name}-CBC` },
    { ...row, mode: CipherMode.CbcPkcs7, cipher: `${name}-CBC`, padding: "pkcs7" },
  ];
}

/** CTR is there for ciphers with blocks of 16 bytes. */
function ctrRow(type: PlainKeyType, bits: number, name: string): CipherRow {
  return { type, bits, mode: CipherMode.Ctr, cipher: `${name}-CTR`, ivLength: 16 };
}

/** @param bits Of the key, which is two keys. */
function xtsRow(bits: number, cipher: string): CipherRow {
  return { type: "aes", bits, mode: CipherMode.Xts, cipher, ivLength: 16, minLength: 16 };
}

/** DES with one key and ARC4 are in libcrypto's legacy provider. */
export const CIPHER_ROWS: readonly CipherRow[] = [
  ...blockCipherRows("aes", 128, "AES-128", 16),
  ...blockCipherRows("aes", 192, "AES-192", 16),
  ...blockCipherRows("aes", 256, "AES-256", 16),
  ...blockCipherRows("camellia", 128, "CAMELLIA-128", 16),
  ...blockCipherRows("camellia", 192, "CAMELLIA-192", 16),
  ...blockCipherRows("camellia", 256, "CAMELLIA-256", 16),
  ...blockCipherRows("des", 64, "DES", 8),
  ...blockCipherRows("des", 128, "DES-EDE", 8),
  ...blockCipherRows("des", 192, "DES-EDE3", 8),
  ctrRow("aes", 128, "AES-128"),
  ctrRow("aes", 192, "AES-192"),
  ctrRow("aes", 256, "AES-256"),
  ctrRow("camellia", 128, "CAMELLIA-128"),
  ctrRow("camellia", 192, "CAMELLIA-192"),
  ctrRow("camellia", 256, "CAMELLIA-256"),
  xtsRow(256, "AES-128-XTS"),
  xtsRow(512, "AES-256-XTS"),
  {
    type: "chacha20",
    bits: 256,
    mode: CipherMode.StreamCipher,
    cipher: "ChaCha20",
    ivLength: 12,
  },
  { type: "arc4", bits: "any", mode: CipherMode.StreamCipher, cipher: "RC4", ivLength: 0 },
];

/** A block cipher that makes MACs: CMAC and CBC-MAC. */
export interface BlockMacRow {
  readonly type: PlainKeyType;
  readonly bits: number;
  /** Name of the cipher in libcrypto. */
  readonly cipher: string;
  /** Of the whole MAC, bytes. */
  readonly length: number;
}

export const BLOCK_MAC_ROWS: readonly BlockMacRow[] = [
  { type: "aes", bits: 128, cipher: "AES-128-CBC", length: 16 },
  { type: "aes", bits: 192, cipher: "AES-192-CBC", length: 16 },
  { type: "aes", bits: 256, cipher: "AES-256-CBC", length: 16 },
  { type: "camellia", bits: 128, cipher: "CAMELLIA-128-CBC", length: 16 },
  { type: "camellia", bits: 192, cipher: "CAMELLIA-192-CBC", length: 16 },
  { type: "camellia", bits: 256, cipher: "CAMELLIA-256-CBC", length: 16 },
  { type: "des", bits: 64, cipher: "DES-CBC", length: 8 },
  { type: "des", bits: 128, cipher: "DES-EDE-CBC", length: 8 },
  { type: "des", bits: 192, cipher: "DES-EDE3-CBC", length: 8 },
];

/** Shortest MAC, bytes: what is shorter can be guessed in seconds. */
export const MIN_MAC_LENGTH = 4;

export interface DhRow {
  readonly bits: number;
  /** Name of the group in libcrypto. */
  readonly group: string;
}

export const DH_ROWS: readonly DhRow[] = [
  { bits: 2048, group: "ffdhe2048" },
  { bits: 3072, group: "ffdhe3072" },
  { bits: 4096, group: "ffdhe4096" },
  { bits: 6144, group: "ffdhe6144" },
  { bits: 8192, group: "ffdhe8192" },
];

export interface KdfRow {
  readonly kind: KeyDerivation["kind"];
  /** Name of the function in libcrypto. */
  readonly kdf: string;
}

export const KDF_ROWS: readonly KdfRow[] = [
  { kind: "hkdf", kdf: "HKDF" },
  { kind: "tls12_prf", kdf: "TLS1-PRF" },
  { kind: "tls12_psk_to_ms", kdf: "TLS1-PRF" },
];

/** OSSL_SIGNATURE_PARAM_NONCE_TYPE: there from OpenSSL 3.2; 1 is deterministic ECDSA (RFC 6979). */
export const NONCE_TYPE_PARAM = "nonce-type";
