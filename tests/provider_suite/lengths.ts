/** Lengths that an algorithm does not have, and inputs that are no whole blocks. */
import assert from "node:assert/strict";
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import {
  AeadMode,
  type Algorithm,
  algorithmName,
  type Cipher,
  CipherMode,
} from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { ResponseStatus, statusName } from "../../src/status.ts";
import { attributesOf, type KeyOnBench } from "./bench.ts";
import { pattern } from "./material.ts";
import { roundTrip } from "./round_trips.ts";
import { keyStep, type Stage, type Suite, suiteTest } from "./suite.ts";
import { cellName, type KeyCell } from "./universe.ts";

const { PsaErrorInvalidArgument, PsaErrorNotSupported } = ResponseStatus;

const AES: KeyCell = { type: { kind: "aes" }, bits: 128 };
const XTS: KeyCell = { type: { kind: "aes" }, bits: 256 };
const CHACHA20: KeyCell = { type: { kind: "chacha20" }, bits: 256 };
const HMAC: KeyCell = { type: { kind: "hmac" }, bits: 256 };

const LARGEST = 2 ** 32 - 1;

/** PSA Crypto API 1.0, PSA_ALG_TRUNCATED_MAC, PSA_ALG_CCM, PSA_ALG_GCM, PSA_ALG_CHACHA20_POLY1305. */
const NO_ALGORITHMS: readonly (readonly [KeyCell, readonly Algorithm[]])[] = [
  [
    HMAC,
    [0, 1, 3, 33, LARGEST].map((macLength) => ({ kind: "hmac", hash: Hash.Sha256, macLength })),
  ],
  [AES, [0, 3, 17, LARGEST].map((macLength) => ({ kind: "cmac", macLength }))],
  [AES, [0, 1, 5, 17, LARGEST].map((tagLength) => aead(AeadMode.Gcm, tagLength))],
  [AES, [0, 2, 5, 18, LARGEST].map((tagLength) => aead(AeadMode.Ccm, tagLength))],
  [CHACHA20, [0, 8, 15, 17].map((tagLength) => aead(AeadMode.ChaCha20Poly1305, tagLength))],
];

function aead(mode: AeadMode, tagLength: number): Algorithm {
  return { kind: "aead", mode, tagLength };
}

interface Blocks {
  readonly mode: keyof typeof CipherMode;
  readonly cell: KeyCell;
  /** What can be encrypted, bytes. */
  readonly taken: readonly number[];
  readonly refused: readonly number[];
}

const BLOCKS: readonly Blocks[] = [
  { mode: "EcbNoPadding", cell: AES, taken: [16, 32], refused: [0, 1, 15, 17] },
  { mode: "CbcNoPadding", cell: AES, taken: [16, 32], refused: [0, 1, 15, 17] },
  { mode: "CbcPkcs7", cell: AES, taken: [1, 15, 16, 17], refused: [0] },
  { mode: "Ctr", cell: AES, taken: [1, 15, 16, 17], refused: [0] },
  { mode: "Cfb", cell: AES, taken: [1, 15, 16, 17], refused: [0] },
  { mode: "Ofb", cell: AES, taken: [1, 15, 16, 17], refused: [0] },
  { mode: "Xts", cell: XTS, taken: [16, 17, 31, 32], refused: [0, 1, 15] },
];

export function testLengths(suite: Suite): void {
  suiteTest(suite, "a MAC or tag of a length that there isn't is refused", async (stage, t) => {
    for (const [cell, algorithms] of NO_ALGORITHMS) {
      if (!stage.bench.makes(cell)) continue;
      for (const algorithm of algorithms) {
        await t.step(
          `${algorithmName(algorithm)} with ${cellName(cell)}`,
          () => stage.bench.withKey(cell, algorithm, (key) => refusesAll(stage, key)),
        );
      }
    }
  });

  suiteTest(suite, "ciphers take whole blocks where they need them", async (stage, t) => {
    for (const row of BLOCKS) {
      const algorithm: Cipher = { kind: "cipher", mode: CipherMode[row.mode] };
      const need = { cell: row.cell, algorithm, operation: "PsaCipherEncrypt" } as const;
      await keyStep(t, stage, need, (keyName) => tryBlocks(stage, keyName, { row, algorithm }));
    }
  });
}

async function refusesAll(stage: Stage, key: KeyOnBench): Promise<void> {
  const question = {
    checkType: CheckType.Use,
    attributes: attributesOf(key.cell, key.algorithm),
  };
  await stage.caller.refused(PsaErrorNotSupported, "CanDoCrypto", question);
  for (const [operation, status] of await roundTrip(stage.bench, key)) {
    const isRefused = status === PsaErrorInvalidArgument || status === PsaErrorNotSupported;
    assert.ok(isRefused, `${operation}: ${statusName(status)}`);
  }
}

async function tryBlocks(
  { caller }: Stage,
  keyName: string,
  { row, algorithm: alg }: { readonly row: Blocks; readonly algorithm: Cipher },
): Promise<void> {
  for (const length of row.taken) {
    const plaintext = pattern(length);
    const { ciphertext } = await caller.must("PsaCipherEncrypt", { keyName, alg, plaintext });
    const opened = await caller.must("PsaCipherDecrypt", { keyName, alg, ciphertext });
    assert.equal(opened.plaintext.toHex(), plaintext.toHex());
  }
  for (const length of row.refused) {
    const operation = { keyName, alg, plaintext: pattern(length) };
    await caller.refused(PsaErrorInvalidArgument, "PsaCipherEncrypt", operation, `${length} bytes`);
  }
  // Shorter than an IV, or than a block where there is no IV.
  for (const length of [0, 1, 15]) {
    const { status } = await caller.ask("PsaCipherDecrypt", {
      keyName,
      alg,
      ciphertext: pattern(length),
    });
    assert.equal(statusName(status), statusName(PsaErrorInvalidArgument), `${length} bytes`);
  }
}
