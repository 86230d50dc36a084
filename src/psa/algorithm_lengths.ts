/**
 * The lengths of tags and MACs that PSA knows (PSA Crypto API 1.0, PSA_ALG_CCM, PSA_ALG_GCM,
 * PSA_ALG_CHACHA20_POLY1305, PSA_ALG_TRUNCATED_MAC), whoever serves them.
 */
import { type Aead, AEAD_TAG_LENGTH, AeadMode, type Algorithm, type Mac } from "./algorithm.ts";
import { hashLength } from "./hash.ts";
import type { KeyType } from "./key_type.ts";

/** bytes */
export const TAG_LENGTHS: { readonly [M in AeadMode]: readonly number[] } = {
  [AeadMode.Ccm]: [4, 6, 8, 10, 12, 14, 16],
  [AeadMode.Gcm]: [4, 8, 12, 13, 14, 15, 16],
  [AeadMode.ChaCha20Poly1305]: [16],
};

/** Shortest truncated MAC, bytes. */
export const MIN_MAC_LENGTH = 4;

/** bytes */
const DES_BLOCK_LENGTH = 8;
const BLOCK_LENGTH = 16;

/** Whether the algorithm's tag or MAC, where it has one, is of a length that there is with such keys. */
export function hasKnownLength(algorithm: Algorithm, type: KeyType): boolean {
  switch (algorithm.kind) {
    case "aead":
      return hasTagLength(algorithm);
    case "hmac":
      return hasMacLength(algorithm, hashLength(algorithm.hash));
    case "cmac":
    case "cbc_mac":
      return hasMacLength(algorithm, type.kind === "des" ? DES_BLOCK_LENGTH : BLOCK_LENGTH);
    default:
      return true;
  }
}

function hasTagLength({ mode, tagLength = AEAD_TAG_LENGTH }: Aead): boolean {
  return TAG_LENGTHS[mode].includes(tagLength);
}

/** @param whole Bytes of the MAC that is not truncated. */
function hasMacLength({ macLength }: Mac, whole: number): boolean {
  return macLength === undefined || (macLength >= MIN_MAC_LENGTH && macLength <= whole);
}
