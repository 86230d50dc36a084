/**
 * Everything that PSA knows: each key type at each size, each algorithm, and what can be done with the two
 * together. A provider supports it or declares that it does not; no list comes from a provider.
 */
import type { KeyOperation } from "../../src/provider.ts";
import { algorithmsOf, KEY_TYPES } from "../fakes/operation_samples.ts";
import { AeadMode, type Algorithm, CipherMode, type Mac } from "../../src/psa/algorithm.ts";
import { isCompatible } from "../../src/psa/compatibility.ts";
import { hashLength } from "../../src/psa/hash.ts";
import { isKeySize, isXtsOnlySize } from "../../src/psa/key_sizes.ts";
import { EccFamily, isPublicKey, type KeyType, type KeyTypeKind } from "../../src/psa/key_type.ts";

/** A key type at a size (bits). */
export interface KeyCell {
  readonly type: KeyType;
  readonly bits: number;
}

const RSA_SIZES = [1024, 1032, 2048, 3072, 4096, 8192];

/** Bits to try of the types that can have very many. */
const CHOSEN_SIZES: { readonly [K in KeyTypeKind]?: readonly number[] } = {
  raw_data: [8, 128, 2048, 65_528],
  hmac: [8, 256, 1024, 65_528],
  derive: [8, 256, 65_528],
  arc4: [40, 128, 2048],
  rsa_key_pair: RSA_SIZES,
  rsa_public_key: RSA_SIZES,
};

/** The sizes of the other types, bits. */
const ALL_SIZES = [
  ...[64, 128, 160, 163, 192, 224, 225, 233, 239, 255, 256, 283, 320, 384, 409, 448, 512, 521, 571],
  ...[2048, 3072, 4096, 6144, 8192],
];

export const KEY_CELLS: readonly KeyCell[] = KEY_TYPES.flatMap((type) =>
  (CHOSEN_SIZES[type.kind] ?? ALL_SIZES)
    .filter((bits) => isKeySize(type, bits))
    .map((bits) => ({ type, bits }))
);

/**
 * Large RSA keys are slow to make: importing one of 4096 bits may take a second and one of 8192 ten, and
 * generating up to a minute. So not everything is done with them.
 */
export const LARGEST_RSA = { toGenerate: 3072, withEveryHash: 2048, withEveryAlgorithm: 4096 };

/** Whether a key is an RSA pair or public key of more than this many bits. */
export function isRsaOver(limit: number, { type, bits }: KeyCell): boolean {
  return (type.kind === "rsa_key_pair" || type.kind === "rsa_public_key") && bits > limit;
}

/** PSA Crypto API 1.0, PSA_ALG_CCM and PSA_ALG_GCM: the shortened tags that there are, bytes. */
const SHORT_TAGS: readonly (readonly [AeadMode, readonly number[]])[] = [
  [AeadMode.Ccm, [4, 6, 8, 10, 12, 14]],
  [AeadMode.Gcm, [4, 8, 12, 13, 14, 15]],
];

/** PSA Crypto API 1.0, PSA_ALG_TRUNCATED_MAC: at least this many bytes. */
const SHORTEST_MAC = 4;
const BLOCK_MAC_LENGTH = 16;

const FULL_MACS = algorithmsOf("hmac", "cbc_mac", "cmac")
  .filter(({ macLength }) => macLength === undefined);

export const ALGORITHMS: readonly Algorithm[] = [
  ...FULL_MACS,
  ...FULL_MACS.map((mac) => ({ ...mac, macLength: SHORTEST_MAC })),
  ...FULL_MACS.map((mac) => ({ ...mac, macLength: fullMacLength(mac) / 2 })),
  ...algorithmsOf("cipher"),
  ...algorithmsOf("aead").filter(({ tagLength }) => tagLength === undefined),
  ...SHORT_TAGS.flatMap(([mode, lengths]) =>
    lengths.map((tagLength): Algorithm => ({ kind: "aead", mode, tagLength }))
  ),
  ...algorithmsOf("rsa_pkcs1v15_sign", "rsa_pkcs1v15_sign_raw", "rsa_pss"),
  ...algorithmsOf("rsa_pkcs1v15_crypt", "rsa_oaep"),
  ...algorithmsOf("ecdsa", "ecdsa_any", "deterministic_ecdsa"),
  ...algorithmsOf("raw_key_agreement", "key_agreement_with_derivation"),
  ...algorithmsOf("hkdf", "tls12_prf", "tls12_psk_to_ms"),
];

/** Bytes of the MAC that is not truncated; a block of DES is half as long. */
export function fullMacLength(mac: Mac): number {
  return mac.kind === "hmac" ? hashLength(mac.hash) : BLOCK_MAC_LENGTH;
}

const SIGN_HASH: readonly KeyOperation[] = ["PsaSignHash"];
const SIGN: readonly KeyOperation[] = ["PsaSignHash", "PsaSignMessage"];
const VERIFY_HASH: readonly KeyOperation[] = ["PsaVerifyHash"];
const VERIFY: readonly KeyOperation[] = ["PsaVerifyHash", "PsaVerifyMessage"];

/** The operations that take a key of this type and the algorithm; none where they do not fit together. */
export function operationsOf(
  algorithm: Algorithm,
  { type, bits }: KeyCell,
): readonly KeyOperation[] {
  if (!isCompatible(algorithm, type) || !isLongEnough(algorithm, bits)) return [];
  if (isXtsOnlySize(type, bits) && !isXts(algorithm)) return [];
  const isPair = !isPublicKey(type);
  switch (algorithm.kind) {
    case "hmac":
    case "cbc_mac":
    case "cmac":
      return ["PsaMacCompute", "PsaMacVerify"];
    case "cipher":
      if (isXts(algorithm) && !isXtsKey(type, bits)) return [];
      return ["PsaCipherEncrypt", "PsaCipherDecrypt"];
    case "aead":
      return ["PsaAeadEncrypt", "PsaAeadDecrypt"];
    case "rsa_pkcs1v15_sign":
    case "rsa_pss":
    case "ecdsa":
    case "deterministic_ecdsa":
      return isPair ? [...SIGN, ...VERIFY] : VERIFY;
    case "rsa_pkcs1v15_sign_raw":
    case "ecdsa_any":
      return isPair ? [...SIGN_HASH, ...VERIFY_HASH] : VERIFY_HASH;
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep":
      return isPair ? ["PsaAsymmetricEncrypt", "PsaAsymmetricDecrypt"] : ["PsaAsymmetricEncrypt"];
    case "raw_key_agreement":
      return isPair ? ["PsaRawKeyAgreement"] : [];
    case "key_agreement_with_derivation":
    case "hkdf":
    case "tls12_prf":
    case "tls12_psk_to_ms":
      return isPair ? ["PsaDeriveBytes"] : [];
    case "none":
    case "hash":
      return [];
  }
}

function isXts(algorithm: Algorithm): boolean {
  return algorithm.kind === "cipher" && algorithm.mode === CipherMode.Xts;
}

/** An XTS key is two keys of a cipher with blocks of 16 bytes (IEEE 1619). */
function isXtsKey(type: KeyType, bits: number): boolean {
  const isOfOrdinarySize = (type.kind === "aes" || type.kind === "camellia") && bits === 256;
  return isOfOrdinarySize || isXtsOnlySize(type, bits);
}

/**
 * Whether an RSA modulus has room for the padding of OAEP (RFC 8017, section 7.1.1). That of PSS fits into all:
 * its salt gets shorter (PSA Crypto API 1.1, PSA_ALG_RSA_PSS).
 */
function isLongEnough(algorithm: Algorithm, bits: number): boolean {
  return algorithm.kind !== "rsa_oaep" || bits / 8 > 2 * hashLength(algorithm.hash) + 2;
}

const FAMILIES = new Map<number, string>(
  Object.entries(EccFamily).map(([name, code]) => [code, name]),
);

/** A key type and size for people: `ecc_key_pair SecpR1 256`. */
export function cellName({ type, bits }: KeyCell): string {
  const isEcc = type.kind === "ecc_key_pair" || type.kind === "ecc_public_key";
  return [type.kind, ...(isEcc ? [FAMILIES.get(type.family)] : []), bits].join(" ");
}
