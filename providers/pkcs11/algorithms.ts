/**
 * From PSA algorithms and key types to the mechanisms of PKCS#11: one row each. Which rows count is decided by
 * the token (`registry.ts`).
 */
import { CKF, CKK, CKM } from "../../ffi/pkcs11/mod.ts";
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import type { KeyTypeKind } from "../../src/psa/key_type.ts";
import { HASH_ROWS, hashRow } from "./hashes.ts";

export interface AlgorithmRow {
  /** CKM_* */
  readonly mechanism: number;
  /** CKF_* of which the mechanism needs one, to be of use with a key pair or a symmetric key. */
  readonly secretUse: number;
  /** The same with a public key; 0 where that is of no use. */
  readonly publicUse: number;
  /** In what the token counts the sizes of keys. */
  readonly unit: "bits" | "bytes";
}

const SIGNATURE = {
  secretUse: CKF.SIGN | CKF.VERIFY,
  publicUse: CKF.VERIFY,
  unit: "bits",
} as const;
const ENCRYPTION = {
  secretUse: CKF.ENCRYPT | CKF.DECRYPT,
  publicUse: CKF.ENCRYPT,
  unit: "bits",
} as const;
const AGREEMENT = { secretUse: CKF.DERIVE, publicUse: 0, unit: "bits" } as const;
const CIPHER = { secretUse: CKF.ENCRYPT | CKF.DECRYPT, publicUse: 0, unit: "bytes" } as const;
const MAC = { secretUse: CKF.SIGN | CKF.VERIFY, publicUse: 0, unit: "bytes" } as const;

/** Block modes on AES. The IV, where there is one, is as long as a block. */
const CIPHER_MECHANISMS: ReadonlyMap<CipherMode, number> = new Map([
  [CipherMode.Ctr, CKM.AES_CTR],
  [CipherMode.Cfb, CKM.AES_CFB128],
  [CipherMode.Ofb, CKM.AES_OFB],
  [CipherMode.EcbNoPadding, CKM.AES_ECB],
  [CipherMode.CbcNoPadding, CKM.AES_CBC],
  [CipherMode.CbcPkcs7, CKM.AES_CBC_PAD],
]);

const AEAD_MECHANISMS: { readonly [M in AeadMode]: number } = {
  [AeadMode.Ccm]: CKM.AES_CCM,
  [AeadMode.Gcm]: CKM.AES_GCM,
  [AeadMode.ChaCha20Poly1305]: CKM.CHACHA20_POLY1305,
};

/** The mechanism of an algorithm; `undefined` where PKCS#11 has none, or we don't serve it. */
export function algorithmRow(algorithm: Algorithm): AlgorithmRow | undefined {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
    case "rsa_pkcs1v15_sign_raw":
      return { mechanism: CKM.RSA_PKCS, ...SIGNATURE };
    case "rsa_pss":
      return { mechanism: CKM.RSA_PKCS_PSS, ...SIGNATURE };
    case "ecdsa":
    case "ecdsa_any":
      return { mechanism: CKM.ECDSA, ...SIGNATURE };
    case "deterministic_ecdsa": // no token has it; but its signatures can be verified like any
      return { mechanism: CKM.ECDSA, ...SIGNATURE, secretUse: 0 };
    case "rsa_pkcs1v15_crypt":
      return { mechanism: CKM.RSA_PKCS, ...ENCRYPTION };
    case "rsa_oaep":
      return { mechanism: CKM.RSA_PKCS_OAEP, ...ENCRYPTION };
    case "raw_key_agreement":
      return algorithm.agreement === Agreement.Ecdh
        ? { mechanism: CKM.ECDH1_DERIVE, ...AGREEMENT }
        : undefined;
    case "cipher":
      return row(CIPHER_MECHANISMS.get(algorithm.mode), CIPHER);
    case "aead":
      return row(AEAD_MECHANISMS[algorithm.mode], CIPHER);
    case "hmac":
      return row(hashRow(algorithm.hash)?.hmac, MAC);
    case "cmac":
      return { mechanism: CKM.AES_CMAC, ...MAC };
    default:
      return undefined;
  }
}

function row(
  mechanism: number | undefined,
  use: Omit<AlgorithmRow, "mechanism">,
): AlgorithmRow | undefined {
  return mechanism === undefined ? undefined : { mechanism, ...use };
}

/** The mechanism that makes a MAC of any length, given as its parameter. */
export function generalMacMechanism(algorithm: Algorithm): number | undefined {
  if (algorithm.kind === "cmac") return CKM.AES_CMAC_GENERAL;
  return algorithm.kind === "hmac" ? hashRow(algorithm.hash)?.hmacGeneral : undefined;
}

const hmacs = HASH_ROWS.map(({ hmac }) => hmac);

/** The mechanisms of each kind of operation; a token that has one of them for a use (CKF_*) serves the kind. */
export const FAMILIES = {
  digest: HASH_ROWS.map(({ digest }) => digest),
  signature: [CKM.RSA_PKCS, CKM.RSA_PKCS_PSS, CKM.ECDSA],
  encryption: [CKM.RSA_PKCS, CKM.RSA_PKCS_OAEP],
  mac: [...hmacs, CKM.AES_CMAC],
  cipher: [...CIPHER_MECHANISMS.values()],
  aead: Object.values(AEAD_MECHANISMS),
  agreement: [CKM.ECDH1_DERIVE],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export interface KeyTypeRow {
  /** CKK_* */
  readonly keyType: number;
  /** CKM_* that makes such keys; `undefined` where they only come from outside. */
  readonly generation: number | undefined;
  /** In what the token counts the sizes; `undefined` where they mean too little to judge by. */
  readonly unit: "bits" | "bytes" | undefined;
}

const RSA = { keyType: CKK.RSA, generation: CKM.RSA_PKCS_KEY_PAIR_GEN, unit: "bits" } as const;
const EC = { keyType: CKK.EC, generation: CKM.EC_KEY_PAIR_GEN, unit: "bits" } as const;
/** The standard counts these in bits, SoftHSM in bytes. */
const GENERIC = {
  keyType: CKK.GENERIC_SECRET,
  generation: CKM.GENERIC_SECRET_KEY_GEN,
  unit: undefined,
} as const;

const KEY_TYPES: { readonly [K in KeyTypeKind]?: KeyTypeRow } = {
  rsa_key_pair: RSA,
  rsa_public_key: { ...RSA, generation: undefined },
  ecc_key_pair: EC,
  ecc_public_key: { ...EC, generation: undefined },
  aes: { keyType: CKK.AES, generation: CKM.AES_KEY_GEN, unit: "bytes" },
  chacha20: { keyType: CKK.CHACHA20, generation: CKM.CHACHA20_KEY_GEN, unit: "bytes" },
  hmac: GENERIC,
  derive: GENERIC,
  raw_data: GENERIC,
};

export function keyTypeRow(kind: KeyTypeKind): KeyTypeRow | undefined {
  return KEY_TYPES[kind];
}

/** Mechanisms of which a token must have one for keys of a type to be of any use, or to be made from data. */
export function mechanismsOfKeyType(kind: KeyTypeKind): readonly number[] {
  const row = KEY_TYPES[kind];
  switch (row?.keyType) {
    case CKK.RSA:
      return [CKM.RSA_PKCS, CKM.RSA_PKCS_PSS, CKM.RSA_PKCS_OAEP];
    case CKK.EC:
      return [CKM.ECDSA, CKM.ECDH1_DERIVE];
    case CKK.AES:
      return [CKM.AES_KEY_GEN];
    case CKK.CHACHA20:
      return [CKM.CHACHA20_KEY_GEN, CKM.CHACHA20_POLY1305];
    case CKK.GENERIC_SECRET:
      return [CKM.GENERIC_SECRET_KEY_GEN];
    default:
      return [];
  }
}
