/** Decryption with RSA, and agreement. */
import { openLibcrypto, rejectsImplicitly } from "../../../ffi/libcrypto/mod.ts";
import { Agreement, type AsymmetricEncryption } from "../../../src/psa/algorithm.ts";
import { ResponseStatus } from "../../../src/status.ts";
import { curveOf, hashOf } from "./names.ts";
import { outcome } from "./outcome.ts";
import type { Family, Job, Outcome } from "./runner.ts";

const RSA = { keySize: "number", key: "hex" } as const;
const OAEP = { ...RSA, sha: "text" } as const;
const ENCRYPTED = { msg: "hex", ct: "hex" } as const;
const LABELLED = { ...ENCRYPTED, label: "hex" } as const;
const ECDH = { curve: "text" } as const;
const AGREED = { public: "hex", private: "hex", shared: "hex" } as const;

const { PsaErrorInvalidArgument, PsaErrorInvalidPadding, Success } = ResponseStatus;
const REJECTS_IMPLICITLY = rejectsImplicitly(openLibcrypto());

interface Encrypted {
  readonly msg: Uint8Array;
  readonly ct: Uint8Array;
  readonly label?: Uint8Array;
}

function decrypt(
  algorithm: AsymmetricEncryption,
  { keySize, key }: { readonly keySize: number; readonly key: Uint8Array },
  { msg, ct, label = new Uint8Array(0) }: Encrypted,
): Job {
  return {
    cell: { type: { kind: "rsa_key_pair" }, bits: keySize },
    algorithm,
    operations: ["PsaAsymmetricDecrypt"],
    keyData: key,
    run: async (caller, keyName) => {
      const operation = { keyName, alg: algorithm, ciphertext: ct, salt: label };
      const { status, result } = await caller.ask("PsaAsymmetricDecrypt", operation);
      return outcome(status, result?.plaintext, msg);
    },
  };
}

export const rsaOaep: Family<typeof OAEP, typeof LABELLED> = {
  shapes: { group: OAEP, test: LABELLED },
  refusals: [PsaErrorInvalidPadding, PsaErrorInvalidArgument],
  job: (group, encrypted) => decrypt({ kind: "rsa_oaep", hash: hashOf(group.sha) }, group, encrypted),
};

export const rsaPkcs1v15Crypt: Family<typeof RSA, typeof ENCRYPTED> = {
  shapes: { group: RSA, test: ENCRYPTED },
  refusals: [PsaErrorInvalidPadding, PsaErrorInvalidArgument],
  job: (group, encrypted) => {
    const job = decrypt({ kind: "rsa_pkcs1v15_crypt" }, group, encrypted);
    return REJECTS_IMPLICITLY ? { ...job, run: (...args) => job.run(...args).then(rejected) } : job;
  },
};

/** Other bytes than those of the vector are how this libcrypto refuses. */
function rejected(outcome: Outcome): Outcome {
  const isRejected = outcome.status === Success && !outcome.matches;
  return isRejected ? { status: PsaErrorInvalidPadding, matches: false } : outcome;
}

export const ecdh: Family<typeof ECDH, typeof AGREED> = {
  shapes: { group: ECDH, test: AGREED },
  refusals: [PsaErrorInvalidArgument],
  job: ({ curve }, agreed) => {
    const { family, bits } = curveOf(curve);
    const algorithm = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
    return {
      cell: { type: { kind: "ecc_key_pair", family }, bits },
      algorithm,
      operations: ["PsaRawKeyAgreement"],
      keyData: agreed.private,
      run: async (caller, privateKeyName) => {
        const operation = { privateKeyName, alg: algorithm, peerKey: agreed.public };
        const { status, result } = await caller.ask("PsaRawKeyAgreement", operation);
        return outcome(status, result?.sharedSecret, agreed.shared);
      },
    };
  },
};
