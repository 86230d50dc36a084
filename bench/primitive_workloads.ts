/** The software provider's operations as the benchmark calls them, each beside its twin in `native/primitives.c`. */
import type { MaybePromise } from "../src/maybe_promise.ts";
import {
  type Aead,
  AeadMode,
  Agreement,
  type AsymmetricSignature,
  type Cipher,
  CipherMode,
  type Mac,
} from "../src/psa/algorithm.ts";
import { Hash } from "../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../src/psa/key_type.ts";
import type { Key } from "../src/provider.ts";
import { generatedKey, type TestProvider, unmadeKey } from "../tests/fakes/software_provider.ts";

/** One operation, to be called again and again. */
export type Call = () => MaybePromise<unknown>;

export interface PrimitiveWorkload {
  readonly title: string;
  /** Makes the keys and gives the call. */
  readonly prepare: (provider: TestProvider) => Promise<Call>;
  /** How many times as long as others it is measured, where no two calls take the same time. */
  readonly patience?: number;
}

const keyName = "key";
const SHORT = bytes(32);
const LONG = bytes(1024);
const LONGEST = bytes(16_384);
const NONCE = bytes(12);
const NO_LABEL = bytes(0);

const P256: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };
const MONTGOMERY: KeyType = { kind: "ecc_key_pair", family: EccFamily.Montgomery };
const RSA: KeyType = { kind: "rsa_key_pair" };

const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const PKCS1 = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
const PSS = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
const OAEP = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
const HMAC = { kind: "hmac", hash: Hash.Sha256 } as const;
const CTR = { kind: "cipher", mode: CipherMode.Ctr } as const;
const CBC = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
const GCM = { kind: "aead", mode: AeadMode.Gcm } as const;
const CCM = { kind: "aead", mode: AeadMode.Ccm } as const;
const CHACHA20_POLY1305 = { kind: "aead", mode: AeadMode.ChaCha20Poly1305 } as const;

/** By the names of the C program, in the order of the report. */
export const PRIMITIVE_WORKLOADS: Readonly<Record<string, PrimitiveWorkload>> = {
  random_32: {
    title: "32 random bytes",
    prepare: ({ primitives }) =>
      Promise.resolve(() => primitives.PsaGenerateRandom({ size: SHORT.length })),
  },
  sha256_32: hashing("SHA-256, 32 B", Hash.Sha256, SHORT),
  sha256_16384: hashing("SHA-256, 16 KiB", Hash.Sha256, LONGEST),
  sha512_16384: hashing("SHA-512, 16 KiB", Hash.Sha512, LONGEST),
  hmac_32: mac("HMAC-SHA-256, 32 B", { kind: "hmac" }, 256, HMAC, SHORT),
  hmac_1024: mac("HMAC-SHA-256, 1 KiB", { kind: "hmac" }, 256, HMAC, LONG),
  cmac_32: mac("AES-128-CMAC, 32 B", { kind: "aes" }, 128, { kind: "cmac" }, SHORT),
  ctr_1024: encryption("AES-128-CTR, 1 KiB", CTR),
  cbc_1024: encryption("AES-128-CBC, PKCS#7, 1 KiB", CBC),
  cbc_open_1024: {
    title: "AES-128-CBC, PKCS#7, 1 KiB, decrypt",
    async prepare(provider) {
      const { primitives } = provider;
      const key = await generatedKey(provider, { kind: "aes" }, 128);
      const { ciphertext } = await primitives.PsaCipherEncrypt(key, {
        keyName,
        alg: CBC,
        plaintext: LONG,
      });
      return () => primitives.PsaCipherDecrypt(key, { keyName, alg: CBC, ciphertext });
    },
  },
  gcm_32: sealing("AES-256-GCM, 32 B", { kind: "aes" }, 256, GCM, SHORT),
  gcm_1024: sealing("AES-256-GCM, 1 KiB", { kind: "aes" }, 256, GCM, LONG),
  gcm_open_1024: {
    title: "AES-256-GCM, 1 KiB, decrypt",
    async prepare(provider) {
      const { primitives } = provider;
      const key = await generatedKey(provider, { kind: "aes" }, 256);
      const about = { keyName, alg: GCM, nonce: NONCE, additionalData: SHORT };
      const { ciphertext } = await primitives.PsaAeadEncrypt(key, { ...about, plaintext: LONG });
      return () => primitives.PsaAeadDecrypt(key, { ...about, ciphertext });
    },
  },
  ccm_1024: sealing("AES-128-CCM, 1 KiB", { kind: "aes" }, 128, CCM, LONG),
  chacha_1024: sealing(
    "ChaCha20-Poly1305, 1 KiB",
    { kind: "chacha20" },
    256,
    CHACHA20_POLY1305,
    LONG,
  ),
  p256_sign: signing("ECDSA P-256 sign", P256, 256, ECDSA),
  p256_sign_message: {
    title: "ECDSA P-256 sign, message",
    async prepare(provider) {
      const key = await generatedKey(provider, P256, 256);
      const operation = { keyName, alg: ECDSA, message: SHORT };
      return () => provider.primitives.PsaSignMessage(key, operation);
    },
  },
  p256_verify: verifying("ECDSA P-256 verify", P256, 256, ECDSA),
  p384_sign: signing("ECDSA P-384 sign", P256, 384, { kind: "ecdsa", hash: Hash.Sha256 }),
  rsa_sign: signing("RSA-2048 PKCS#1 v1.5 sign", RSA, 2048, PKCS1),
  pss_sign: signing("RSA-2048 PSS sign", RSA, 2048, PSS),
  rsa_verify: verifying("RSA-2048 PKCS#1 v1.5 verify", RSA, 2048, PKCS1),
  rsa_encrypt: {
    title: "RSA-2048 OAEP encrypt",
    async prepare(provider) {
      const key = await generatedKey(provider, RSA, 2048);
      const operation = { keyName, alg: OAEP, plaintext: SHORT, salt: NO_LABEL };
      return () => provider.primitives.PsaAsymmetricEncrypt(key, operation);
    },
  },
  rsa_decrypt: {
    title: "RSA-2048 OAEP decrypt",
    async prepare(provider) {
      const { primitives } = provider;
      const key = await generatedKey(provider, RSA, 2048);
      const about = { keyName, alg: OAEP, salt: NO_LABEL };
      const { ciphertext } = await primitives.PsaAsymmetricEncrypt(key, {
        ...about,
        plaintext: SHORT,
      });
      return () => primitives.PsaAsymmetricDecrypt(key, { ...about, ciphertext });
    },
  },
  ecdh: agreement("ECDH P-256", P256, 256),
  x25519: agreement("X25519", MONTGOMERY, 255),
  hkdf_32: {
    title: "HKDF-SHA-256, 32 B",
    async prepare(provider) {
      const key = await generatedKey(provider, { kind: "derive" }, 256);
      const inputs = { kind: "hkdf", hash: Hash.Sha256, salt: SHORT, info: SHORT } as const;
      const derivation = { secret: { kind: "key", keyName }, inputs } as const;
      const operation = { derivation, outputLength: SHORT.length };
      return () => provider.primitives.PsaDeriveBytes(key, operation);
    },
  },
  p256_generate: generation("P-256 key generation", P256, 256),
  rsa_generate: { ...generation("RSA-2048 key generation", RSA, 2048), patience: 20 },
};

function hashing(title: string, alg: Hash, input: Uint8Array): PrimitiveWorkload {
  return {
    title,
    prepare: ({ primitives }) => Promise.resolve(() => primitives.PsaHashCompute({ alg, input })),
  };
}

/** A workload with a key of its own. */
function withKey(
  title: string,
  type: KeyType,
  bits: number,
  callWith: (provider: TestProvider, key: Key) => MaybePromise<Call>,
): PrimitiveWorkload {
  return {
    title,
    prepare: async (provider) => await callWith(provider, await generatedKey(provider, type, bits)),
  };
}

function mac(title: string, type: KeyType, bits: number, alg: Mac, input: Uint8Array) {
  return withKey(title, type, bits, ({ primitives }, key) => {
    const operation = { keyName, alg, input };
    return () => primitives.PsaMacCompute(key, operation);
  });
}

function encryption(title: string, alg: Cipher): PrimitiveWorkload {
  return withKey(title, { kind: "aes" }, 128, ({ primitives }, key) => {
    const operation = { keyName, alg, plaintext: LONG };
    return () => primitives.PsaCipherEncrypt(key, operation);
  });
}

function sealing(title: string, type: KeyType, bits: number, alg: Aead, plaintext: Uint8Array) {
  return withKey(title, type, bits, ({ primitives }, key) => {
    const operation = { keyName, alg, nonce: NONCE, additionalData: SHORT, plaintext };
    return () => primitives.PsaAeadEncrypt(key, operation);
  });
}

function signing(title: string, type: KeyType, bits: number, alg: AsymmetricSignature) {
  return withKey(title, type, bits, ({ primitives }, key) => {
    const operation = { keyName, alg, hash: SHORT };
    return () => primitives.PsaSignHash(key, operation);
  });
}

function verifying(title: string, type: KeyType, bits: number, alg: AsymmetricSignature) {
  return withKey(title, type, bits, async ({ primitives }, key) => {
    const about = { keyName, alg, hash: SHORT };
    const { signature } = await primitives.PsaSignHash(key, about);
    return () => primitives.PsaVerifyHash(key, { ...about, signature });
  });
}

function agreement(title: string, type: KeyType, bits: number): PrimitiveWorkload {
  return withKey(title, type, bits, async (provider, key) => {
    const peer = await generatedKey(provider, type, bits);
    const peerKey = await provider.keys.exportPublicKey(peer);
    const alg = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
    const operation = { alg, privateKeyName: keyName, peerKey };
    return () => provider.primitives.PsaRawKeyAgreement(key, operation);
  });
}

/** With its way into a store in memory. */
function generation(title: string, type: KeyType, bits: number): PrimitiveWorkload {
  const key = unmadeKey(type, bits);
  return {
    title,
    prepare: ({ keys }) => Promise.resolve(() => keys.generateKey(key)),
  };
}

function bytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).map((_, i) => i * 7 + 1);
}
