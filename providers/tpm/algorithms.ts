/**
 * What a TPM may be able to do, one row each, with what the TPM calls it. Which rows count is decided when the
 * provider opens: those that the TPM at hand has (`capabilities.ts`).
 */
import { TPM2_ALG, TPM2_ECC } from "../../ffi/tss2/mod.ts";
import { CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";

export interface HashRow {
  readonly hash: Hash;
  /** Name of the digest in libcrypto, which hashes messages before the TPM signs. */
  readonly digest: string;
  /** Bytes that it takes at a time (FIPS 180-4, FIPS 202). */
  readonly blockLength: number;
  /** TPM2_ALG; absent where no TPM has it: ECDSA can do without. */
  readonly algorithm?: number;
}

export const HASH_ROWS: readonly HashRow[] = [
  { hash: Hash.Sha1, digest: "SHA1", blockLength: 64, algorithm: TPM2_ALG.SHA1 },
  { hash: Hash.Sha224, digest: "SHA2-224", blockLength: 64 },
  { hash: Hash.Sha256, digest: "SHA2-256", blockLength: 64, algorithm: TPM2_ALG.SHA256 },
  { hash: Hash.Sha384, digest: "SHA2-384", blockLength: 128, algorithm: TPM2_ALG.SHA384 },
  { hash: Hash.Sha512, digest: "SHA2-512", blockLength: 128, algorithm: TPM2_ALG.SHA512 },
  { hash: Hash.Sha512_224, digest: "SHA2-512/224", blockLength: 128 },
  { hash: Hash.Sha512_256, digest: "SHA2-512/256", blockLength: 128 },
  { hash: Hash.Sha3_224, digest: "SHA3-224", blockLength: 144 },
  { hash: Hash.Sha3_256, digest: "SHA3-256", blockLength: 136, algorithm: TPM2_ALG.SHA3_256 },
  { hash: Hash.Sha3_384, digest: "SHA3-384", blockLength: 104, algorithm: TPM2_ALG.SHA3_384 },
  { hash: Hash.Sha3_512, digest: "SHA3-512", blockLength: 72, algorithm: TPM2_ALG.SHA3_512 },
];

export interface CurveRow {
  readonly family: EccFamily;
  readonly bits: number;
  /** TPM2_ECC */
  readonly curve: number;
  /** Name of the group in libcrypto, which finds the public half of an imported private key. */
  readonly group: string;
}

const { SecpR1 } = EccFamily;

export const CURVE_ROWS: readonly CurveRow[] = [
  { family: SecpR1, bits: 192, curve: TPM2_ECC.NIST_P192, group: "prime192v1" },
  { family: SecpR1, bits: 224, curve: TPM2_ECC.NIST_P224, group: "secp224r1" },
  { family: SecpR1, bits: 256, curve: TPM2_ECC.NIST_P256, group: "prime256v1" },
  { family: SecpR1, bits: 384, curve: TPM2_ECC.NIST_P384, group: "secp384r1" },
  { family: SecpR1, bits: 521, curve: TPM2_ECC.NIST_P521, group: "secp521r1" },
];

/** Sizes of RSA keys that a TPM is asked for, bits. */
export const RSA_SIZES: readonly number[] = [1024, 2048, 3072, 4096];

/** Sizes of AES keys that a TPM is asked for, bits. */
export const AES_SIZES: readonly number[] = [128, 192, 256];

export interface CipherRow {
  readonly mode: CipherMode;
  /** TPM2_ALG */
  readonly algorithm: number;
  /** Whether the text must be whole blocks: of what is padded first, it is. */
  readonly wholeBlocks: boolean;
  /** Whether PKCS#7 padding is put on, and taken off. */
  readonly padded: boolean;
  /** Bytes of the initialisation vector. */
  readonly ivLength: number;
}

/** Bytes. */
export const AES_BLOCK = 16;
const block = { wholeBlocks: true, padded: false, ivLength: AES_BLOCK };
const stream = { wholeBlocks: false, padded: false, ivLength: AES_BLOCK };

export const CIPHER_ROWS: readonly CipherRow[] = [
  { mode: CipherMode.Ctr, algorithm: TPM2_ALG.CTR, ...stream },
  { mode: CipherMode.Cfb, algorithm: TPM2_ALG.CFB, ...stream },
  { mode: CipherMode.Ofb, algorithm: TPM2_ALG.OFB, ...stream },
  { mode: CipherMode.EcbNoPadding, algorithm: TPM2_ALG.ECB, ...block, ivLength: 0 },
  { mode: CipherMode.CbcNoPadding, algorithm: TPM2_ALG.CBC, ...block },
  { mode: CipherMode.CbcPkcs7, algorithm: TPM2_ALG.CBC, ...block, padded: true },
];
