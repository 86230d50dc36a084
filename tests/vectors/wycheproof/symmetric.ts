/** AEAD, ciphers, MACs, HKDF. */
import {
  type Aead,
  AEAD_TAG_LENGTH,
  AeadMode,
  type Cipher,
  CipherMode,
  type Mac,
} from "../../../src/psa/algorithm.ts";
import { hashLength } from "../../../src/psa/hash.ts";
import type { PlainKeyType } from "../../../src/psa/key_type.ts";
import { ResponseStatus } from "../../../src/status.ts";
import type { KeyCell } from "../../provider_suite/universe.ts";
import { hashOfFile } from "./names.ts";
import { outcome } from "./outcome.ts";
import type { Family } from "./runner.ts";

const {
  Success,
  PsaErrorInsufficientData,
  PsaErrorInvalidArgument,
  PsaErrorInvalidPadding,
  PsaErrorInvalidSignature,
  PsaErrorNotSupported,
} = ResponseStatus;

const AEAD = { ivSize: "number", keySize: "number", tagSize: "number" } as const;
const SEALED = { key: "hex", iv: "hex", aad: "hex", msg: "hex", ct: "hex", tag: "hex" } as const;

const AEADS: Readonly<Record<string, readonly [PlainKeyType, AeadMode]>> = {
  aes_gcm: ["aes", AeadMode.Gcm],
  aes_ccm: ["aes", AeadMode.Ccm],
  camellia_ccm: ["camellia", AeadMode.Ccm],
  chacha20_poly1305: ["chacha20", AeadMode.ChaCha20Poly1305],
};

export const aead: Family<typeof AEAD, typeof SEALED> = {
  shapes: { group: AEAD, test: SEALED },
  // A nonce or a tag of a length that there isn't is an argument error, or an algorithm that isn't served.
  refusals: [PsaErrorInvalidSignature, PsaErrorInvalidArgument, PsaErrorNotSupported],
  job: ({ file, tagSize }, { key, iv, aad, msg, ct, tag }) => {
    const [kind, mode] = known(AEADS, file);
    const algorithm: Aead = { kind: "aead", mode, ...shortened("tagLength", tagSize, AEAD_TAG_LENGTH) };
    return {
      cell: symmetricCell(kind, key),
      algorithm,
      operations: ["PsaAeadEncrypt", "PsaAeadDecrypt"],
      keyData: key,
      run: async (caller, keyName) => {
        const about = { keyName, alg: algorithm, nonce: iv, additionalData: aad };
        const ciphertext = Uint8Array.of(...ct, ...tag);
        const opened = await caller.ask("PsaAeadDecrypt", { ...about, ciphertext });
        if (opened.status !== Success) return outcome(opened.status, undefined, msg);
        const sealed = await caller.ask("PsaAeadEncrypt", { ...about, plaintext: msg });
        const { matches } = outcome(opened.status, opened.result?.plaintext, msg);
        return matches ? outcome(sealed.status, sealed.result?.ciphertext, ciphertext) : {
          status: opened.status,
          matches,
        };
      },
    };
  },
};

const CIPHER = { ivSize: "number", keySize: "number" } as const;
const ENCIPHERED = { key: "hex", iv: "hex", msg: "hex", ct: "hex" } as const;
const IV_LENGTH = 16;

const CIPHERS: Readonly<Record<string, readonly [PlainKeyType, CipherMode]>> = {
  aes_cbc_pkcs5: ["aes", CipherMode.CbcPkcs7],
  camellia_cbc_pkcs5: ["camellia", CipherMode.CbcPkcs7],
  aes_xts: ["aes", CipherMode.Xts],
};

/** PSA's ciphertext begins with the IV, which only the service chooses: so vectors are decrypted. */
export const cipher: Family<typeof CIPHER, typeof ENCIPHERED> = {
  shapes: { group: CIPHER, test: ENCIPHERED },
  refusals: [PsaErrorInvalidPadding, PsaErrorInvalidArgument],
  job: ({ file }, { key, iv, msg, ct }) => {
    const [kind, mode] = known(CIPHERS, file);
    const algorithm: Cipher = { kind: "cipher", mode };
    const ciphertext = new Uint8Array(IV_LENGTH + ct.length);
    // The number of an XTS data unit is little-endian, and may be short (IEEE 1619, section 5.1).
    ciphertext.set(iv);
    ciphertext.set(ct, IV_LENGTH);
    return {
      cell: symmetricCell(kind, key),
      algorithm,
      operations: ["PsaCipherDecrypt"],
      keyData: key,
      run: async (caller, keyName) => {
        const operation = { keyName, alg: algorithm, ciphertext };
        const { status, result } = await caller.ask("PsaCipherDecrypt", operation);
        return outcome(status, result?.plaintext, msg);
      },
    };
  },
};

const MAC = { keySize: "number", tagSize: "number" } as const;
const TAGGED = { key: "hex", msg: "hex", tag: "hex" } as const;

const CMACS: Readonly<Record<string, PlainKeyType>> = { aes_cmac: "aes", camellia_cmac: "camellia" };
const CMAC_LENGTH = 16;

export const mac: Family<typeof MAC, typeof TAGGED> = {
  shapes: { group: MAC, test: TAGGED },
  refusals: [PsaErrorInvalidSignature, PsaErrorInvalidArgument],
  job: ({ file, tagSize }, { key, msg, tag }) => {
    const block = CMACS[file];
    const algorithm: Mac = block === undefined
      ? hmacOf(file, tagSize)
      : { kind: "cmac", ...shortened("macLength", tagSize, CMAC_LENGTH) };
    return {
      cell: symmetricCell(block ?? "hmac", key),
      algorithm,
      operations: ["PsaMacCompute", "PsaMacVerify"],
      keyData: key,
      run: async (caller, keyName) => {
        const about = { keyName, alg: algorithm, input: msg };
        const { status } = await caller.ask("PsaMacVerify", { ...about, mac: tag });
        const made = await caller.ask("PsaMacCompute", about);
        return { status, matches: outcome(made.status, made.result?.mac, tag).matches };
      },
    };
  },
};

function hmacOf(file: string, tagSize: number): Mac {
  const hash = hashOfFile(file);
  return { kind: "hmac", hash, ...shortened("macLength", tagSize, hashLength(hash)) };
}

const HKDF = { keySize: "number" } as const;
const DERIVED = { ikm: "hex", salt: "hex", info: "hex", size: "number", okm: "hex" } as const;

export const hkdf: Family<typeof HKDF, typeof DERIVED> = {
  shapes: { group: HKDF, test: DERIVED },
  refusals: [PsaErrorInsufficientData],
  job: ({ file }, { ikm, salt, info, size, okm }) => {
    const hash = hashOfFile(file);
    return {
      cell: symmetricCell("derive", ikm),
      algorithm: { kind: "hkdf", hash },
      operations: ["PsaDeriveBytes"],
      keyData: ikm,
      run: async (caller, keyName) => {
        const { status, result } = await caller.ask("PsaDeriveBytes", {
          derivation: {
            secret: { kind: "key", keyName },
            inputs: { kind: "hkdf", hash, salt, info },
          },
          outputLength: size,
        });
        return outcome(status, result?.output, okm);
      },
    };
  },
};

function symmetricCell(kind: PlainKeyType, key: Uint8Array): KeyCell {
  return { type: { kind }, bits: key.length * 8 };
}

/** A length (bits) that is not the full one (bytes), for an algorithm. */
function shortened<K extends string>(name: K, bits: number, full: number): { [L in K]?: number } {
  return bits / 8 === full ? {} : { [name]: bits / 8 } as { [L in K]: number };
}

function known<T>(table: Readonly<Record<string, T>>, file: string): T {
  const found = table[file];
  if (found === undefined) throw new TypeError(`Nobody knows ${file} here`);
  return found;
}
