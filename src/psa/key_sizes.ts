/**
 * The key sizes that PSA knows for each key type (PSA Crypto API 1.0, "Key types"), whoever serves them. A
 * size that is not here is an argument error; a size that is here but not served is "not supported".
 */
import { EccFamily, type KeyType } from "./key_type.ts";

/** Largest size of a key that is plain bytes, bits: a PSA key size has 16 bits and is whole bytes. */
export const MAX_BYTES_KEY_BITS = 65_528;

/** RSA moduli, bits: whole bytes between these. Below is broken, above takes minutes to make. */
export const MIN_RSA_BITS = 1024;
export const MAX_RSA_BITS = 8192;

/**
 * The sizes of each curve family, bits. secp224k1 has 225, the bits of its order; upstream's clients know it by 224,
 * which nobody serves.
 */
const ECC_SIZES: ReadonlyMap<EccFamily, readonly number[]> = new Map([
  [EccFamily.SecpK1, [192, 224, 225, 256]],
  [EccFamily.SecpR1, [192, 224, 256, 384, 521]],
  [EccFamily.SecpR2, [160]],
  [EccFamily.SectK1, [163, 233, 239, 283, 409, 571]],
  [EccFamily.SectR1, [163, 233, 283, 409, 571]],
  [EccFamily.SectR2, [163]],
  [EccFamily.BrainpoolPR1, [160, 192, 224, 256, 320, 384, 512]],
  [EccFamily.Frp, [256]],
  [EccFamily.Montgomery, [255, 448]],
]);

/** The groups of RFC 7919, bits of the prime. */
const DH_SIZES: readonly number[] = [2048, 3072, 4096, 6144, 8192];

/** Of AES and Camellia, bits. */
const BLOCK_CIPHER_SIZES: readonly number[] = [128, 192, 256];

/**
 * Whether a key of this size is of use for XTS only. Its keys are two (PSA Crypto API 1.0, PSA_KEY_TYPE_AES: "For the
 * XTS block cipher mode"), and those of AES-128-XTS are as long as one of AES-256.
 */
export function isXtsOnlySize({ kind }: KeyType, bits: number): boolean {
  return (kind === "aes" || kind === "camellia") && (bits === 384 || bits === 512);
}

/** Whether a key of this type can have this size, bits. 0 is no size. */
export function isKeySize(type: KeyType, bits: number): boolean {
  switch (type.kind) {
    case "raw_data":
    case "hmac":
    case "derive":
      return isWholeBytes(bits, 8, MAX_BYTES_KEY_BITS);
    case "aes":
    case "camellia":
      return BLOCK_CIPHER_SIZES.includes(bits) || isXtsOnlySize(type, bits);
    case "des":
      return bits === 64 || bits === 128 || bits === 192;
    case "arc4":
      return isWholeBytes(bits, 40, 2048);
    case "chacha20":
      return bits === 256;
    case "rsa_public_key":
    case "rsa_key_pair":
      return isWholeBytes(bits, MIN_RSA_BITS, MAX_RSA_BITS);
    case "ecc_key_pair":
    case "ecc_public_key":
      return ECC_SIZES.get(type.family)?.includes(bits) ?? false;
    case "dh_key_pair":
    case "dh_public_key":
      return DH_SIZES.includes(bits);
  }
}

function isWholeBytes(bits: number, min: number, max: number): boolean {
  return Number.isInteger(bits / 8) && bits >= min && bits <= max;
}
