/** Signatures: RSA PKCS#1 v1.5, RSA PSS, ECDSA. */
import { hashLength } from "../../../src/psa/hash.ts";
import type { AsymmetricSignature } from "../../../src/psa/algorithm.ts";
import { ResponseStatus } from "../../../src/status.ts";
import { curveOf, hashOf } from "./names.ts";
import type { Family, Job } from "./runner.ts";

const test = { msg: "hex", sig: "hex" } as const;
const RSA = { sha: "text", keySize: "number", key: "hex" } as const;
const PSS = { ...RSA, mgfSha: "text", sLen: "number" } as const;
const ECDSA = { sha: "text", curve: "text", key: "hex" } as const;
const refusals = [ResponseStatus.PsaErrorInvalidSignature];

interface Signed {
  readonly msg: Uint8Array;
  readonly sig: Uint8Array;
}

function verify(
  algorithm: AsymmetricSignature,
  { msg, sig }: Signed,
  key: Pick<Job, "cell" | "keyData">,
): Job {
  return {
    ...key,
    algorithm,
    operations: ["PsaVerifyMessage"],
    run: async (caller, keyName) => {
      const operation = { keyName, alg: algorithm, message: msg, signature: sig };
      return { status: (await caller.ask("PsaVerifyMessage", operation)).status, matches: true };
    },
  };
}

export const rsaPkcs1v15Sign: Family<typeof RSA, typeof test> = {
  shapes: { group: RSA, test },
  refusals,
  job: ({ sha, keySize, key }, signed) =>
    verify({ kind: "rsa_pkcs1v15_sign", hash: hashOf(sha) }, signed, {
      cell: { type: { kind: "rsa_public_key" }, bits: keySize },
      keyData: key,
    }),
};

export const rsaPss: Family<typeof PSS, typeof test> = {
  shapes: { group: PSS, test },
  refusals,
  job: ({ sha, mgfSha, sLen, keySize, key }, signed) => {
    const hash = hashOf(sha);
    // PSA Crypto API 1.1, PSA_ALG_RSA_PSS: one hash for both purposes, and a salt that is as long as it.
    const isOfPsa = mgfSha === sha && sLen === hashLength(hash);
    return {
      ...verify({ kind: "rsa_pss", hash }, signed, {
        cell: { type: { kind: "rsa_public_key" }, bits: keySize },
        keyData: key,
      }),
      ...(isOfPsa ? {} : { expected: "invalid" }),
    };
  },
};

export const ecdsa: Family<typeof ECDSA, typeof test> = {
  shapes: { group: ECDSA, test },
  refusals,
  job: ({ sha, curve, key }, signed) => {
    const { family, bits } = curveOf(curve);
    return verify({ kind: "ecdsa", hash: hashOf(sha) }, signed, {
      cell: { type: { kind: "ecc_public_key", family }, bits },
      keyData: key,
    });
  },
};
