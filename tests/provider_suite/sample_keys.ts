/** Keys for tests of something else: one that every provider has, and one for each key operation. */
import type { KeyOperation } from "../../src/provider.ts";
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { KeyCell } from "./universe.ts";

export interface SampleKey {
  readonly cell: KeyCell;
  readonly algorithm: Algorithm;
  /** Another one for keys of this type. */
  readonly other: Algorithm;
}

const P256: KeyCell = { type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 }, bits: 256 };
const RSA: KeyCell = { type: { kind: "rsa_key_pair" }, bits: 2048 };
const AES: KeyCell = { type: { kind: "aes" }, bits: 128 };

const hash = Hash.Sha256;
export const ECDSA = { kind: "ecdsa", hash } as const;
export const OAEP = { kind: "rsa_oaep", hash } as const;
export const GCM = { kind: "aead", mode: AeadMode.Gcm } as const;
export const CTR = { kind: "cipher", mode: CipherMode.Ctr } as const;
export const HMAC = { kind: "hmac", hash } as const;
export const ECDH = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
export const HKDF = { kind: "hkdf", hash } as const;

const SIGNING = {
  cell: P256,
  algorithm: ECDSA,
  other: { kind: "ecdsa", hash: Hash.Sha384 },
} as const satisfies SampleKey;
const ENCRYPTION: SampleKey = {
  cell: RSA,
  algorithm: OAEP,
  other: { kind: "rsa_oaep", hash: Hash.Sha384 },
};
const AEAD: SampleKey = {
  cell: AES,
  algorithm: GCM,
  other: { kind: "aead", mode: AeadMode.Gcm, tagLength: 12 },
};
const CIPHER: SampleKey = {
  cell: AES,
  algorithm: CTR,
  other: { kind: "cipher", mode: CipherMode.CbcPkcs7 },
};
const MAC: SampleKey = {
  cell: { type: { kind: "hmac" }, bits: 256 },
  algorithm: HMAC,
  other: { kind: "hmac", hash, macLength: 16 },
};
const AGREEMENT: SampleKey = {
  cell: P256,
  algorithm: ECDH,
  other: { kind: "raw_key_agreement", agreement: Agreement.Ffdh },
};

const DERIVATION: SampleKey = {
  cell: { type: { kind: "derive" }, bits: 256 },
  algorithm: HKDF,
  other: { kind: "tls12_prf", hash },
};

export const SAMPLE_KEYS: { readonly [K in KeyOperation]: SampleKey } = {
  PsaSignHash: SIGNING,
  PsaVerifyHash: SIGNING,
  PsaSignMessage: SIGNING,
  PsaVerifyMessage: SIGNING,
  PsaAsymmetricEncrypt: ENCRYPTION,
  PsaAsymmetricDecrypt: ENCRYPTION,
  PsaAeadEncrypt: AEAD,
  PsaAeadDecrypt: AEAD,
  PsaCipherEncrypt: CIPHER,
  PsaCipherDecrypt: CIPHER,
  PsaMacCompute: MAC,
  PsaMacVerify: MAC,
  PsaRawKeyAgreement: AGREEMENT,
  PsaDeriveBytes: DERIVATION,
};

/** What every device can make. */
export const ANY_KEY = SIGNING;
