/** Signatures and MACs: only the right one of the right message is accepted. */
import type { AsymmetricSignature, Mac } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import type { Caller } from "./caller.ts";
import { bitFlips, mutationsOf, otherLengths } from "./mutations.ts";
import { hashFor, macInput, MESSAGE, NOTHING } from "./round_trips.ts";
import { keyStep, type Suite, suiteTest } from "./suite.ts";
import type { KeyCell } from "./universe.ts";

const { PsaErrorInvalidArgument, PsaErrorInvalidSignature } = ResponseStatus;

const ecc = (family: EccFamily, bits: number): KeyCell => ({
  type: { kind: "ecc_key_pair", family },
  bits,
});
const RSA: KeyCell = { type: { kind: "rsa_key_pair" }, bits: 2048 };
const AES: KeyCell = { type: { kind: "aes" }, bits: 192 };
const HMAC_KEY: KeyCell = { type: { kind: "hmac" }, bits: 256 };

const SIGNATURES: readonly (readonly [KeyCell, AsymmetricSignature])[] = [
  [ecc(EccFamily.SecpR1, 256), { kind: "ecdsa", hash: Hash.Sha256 }],
  [ecc(EccFamily.SecpR1, 256), { kind: "ecdsa", hash: Hash.Sha512 }],
  [ecc(EccFamily.SecpR1, 256), { kind: "ecdsa_any" }],
  [ecc(EccFamily.SecpR1, 256), { kind: "deterministic_ecdsa", hash: Hash.Sha256 }],
  [ecc(EccFamily.SecpR1, 384), { kind: "ecdsa", hash: Hash.Sha384 }],
  [ecc(EccFamily.SecpR1, 521), { kind: "ecdsa", hash: Hash.Sha3_512 }],
  [ecc(EccFamily.SecpK1, 256), { kind: "ecdsa", hash: Hash.Sha256 }],
  [ecc(EccFamily.BrainpoolPR1, 384), { kind: "ecdsa", hash: Hash.Sha384 }],
  [ecc(EccFamily.SectK1, 283), { kind: "ecdsa", hash: Hash.Sha256 }],
  [RSA, { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 }],
  [RSA, { kind: "rsa_pkcs1v15_sign_raw" }],
  [RSA, { kind: "rsa_pss", hash: Hash.Sha384 }],
];

const MACS: readonly (readonly [KeyCell, Mac])[] = [
  [HMAC_KEY, { kind: "hmac", hash: Hash.Sha256 }],
  [HMAC_KEY, { kind: "hmac", hash: Hash.Sha256, macLength: 10 }],
  [HMAC_KEY, { kind: "hmac", hash: Hash.Sha3_384 }],
  [AES, { kind: "cmac" }],
  [AES, { kind: "cmac", macLength: 4 }],
  [AES, { kind: "cbc_mac" }],
];

export function testTamperedSignatures(suite: Suite): void {
  suiteTest(suite, "a signature is good for what was signed alone", async (stage, t) => {
    for (const [cell, algorithm] of SIGNATURES) {
      const need = { cell, algorithm, operation: "PsaSignHash" } as const;
      await keyStep(t, stage, need, (name) => tamperWithSignature(stage.caller, name, algorithm));
    }
  });

  suiteTest(suite, "a MAC is good for what it was made of alone", async (stage, t) => {
    for (const [cell, algorithm] of MACS) {
      const need = { cell, algorithm, operation: "PsaMacCompute" } as const;
      await keyStep(t, stage, need, (name) => tamperWithMac(stage.caller, name, algorithm));
    }
  });
}

async function tamperWithSignature(
  caller: Caller,
  keyName: string,
  alg: AsymmetricSignature,
): Promise<void> {
  const hash = hashFor(alg);
  const { signature } = await caller.must("PsaSignHash", { keyName, alg, hash });
  const good = { keyName, alg, hash, signature };
  await caller.must("PsaVerifyHash", good);
  const refused = async (change: Partial<typeof good>, about: string, status = INVALID) =>
    await caller.refused(status, "PsaVerifyHash", { ...good, ...change }, about);
  for (const { name, bytes } of mutationsOf(signature)) {
    await refused({ signature: bytes }, `signature ${name}`);
  }
  await refused({ signature: new Uint8Array(signature.length) }, "signature of zeros");
  await refused({ signature: signature.map(() => 0xff) }, "signature of ones");
  // Only the first: the end of a hash that is longer than the curve does not count (FIPS 186-4, 6.4).
  for (const { name, bytes } of bitFlips(hash).slice(0, 1)) {
    await refused({ hash: bytes }, `hash ${name}`);
  }
  if (!("hash" in alg)) return;
  for (const { name, bytes } of otherLengths(hash)) {
    await refused({ hash: bytes }, `hash ${name}`, PsaErrorInvalidArgument);
  }
  const message = MESSAGE;
  const ofMessage = await caller.must("PsaSignMessage", { keyName, alg, message });
  for (const { name, bytes } of mutationsOf(message)) {
    const operation = { keyName, alg, message: bytes, signature: ofMessage.signature };
    await caller.refused(INVALID, "PsaVerifyMessage", operation, `message ${name}`);
  }
}

const INVALID: number = PsaErrorInvalidSignature;

async function tamperWithMac(caller: Caller, keyName: string, alg: Mac): Promise<void> {
  const onlyBlocks = alg.kind === "cbc_mac";
  for (const input of onlyBlocks ? [macInput(alg)] : [macInput(alg), NOTHING]) {
    const { mac } = await caller.must("PsaMacCompute", { keyName, alg, input });
    await caller.must("PsaMacVerify", { keyName, alg, input, mac });
    for (const { name, bytes } of mutationsOf(mac)) {
      const operation = { keyName, alg, input, mac: bytes };
      await caller.refused(INVALID, "PsaMacVerify", operation, `MAC ${name}`);
    }
    for (const { name, bytes } of bitFlips(input)) {
      const operation = { keyName, alg, input: bytes, mac };
      await caller.refused(INVALID, "PsaMacVerify", operation, `input ${name}`);
    }
    for (const { name, bytes } of otherLengths(input)) {
      const operation = { keyName, alg, input: bytes, mac };
      const status = onlyBlocks ? PsaErrorInvalidArgument : INVALID;
      await caller.refused(status, "PsaMacVerify", operation, `input ${name}`);
    }
  }
}
