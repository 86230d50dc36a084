/** Sizes at their limits: none, one, the most, one more. */
import assert from "node:assert/strict";
import type { OperationOf } from "../../src/operations/operations.ts";
import {
  type Aead,
  AEAD_TAG_LENGTH,
  AeadMode,
  type AsymmetricEncryption,
} from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { ResponseStatus } from "../../src/status.ts";
import type { Caller } from "./caller.ts";
import { pattern } from "./material.ts";
import { NONCE, NOTHING } from "./round_trips.ts";
import { GCM } from "./sample_keys.ts";
import { keyStep, type Suite, suiteTest } from "./suite.ts";
import type { KeyCell } from "./universe.ts";

const { Success, BodySizeExceedsLimit, PsaErrorInvalidArgument, ResponseTooLarge } = ResponseStatus;

/** `core_settings.buffer_size_limit` and `body_len_limit`, where the configuration does not say. */
const BUFFER_SIZE_LIMIT = 1 << 20;
const BODY_LIMIT = 1 << 20;

const AES: KeyCell = { type: { kind: "aes" }, bits: 128 };
const CHACHA20: KeyCell = { type: { kind: "chacha20" }, bits: 256 };
const RSA: KeyCell = { type: { kind: "rsa_key_pair" }, bits: 2048 };

interface NonceRow {
  readonly cell: KeyCell;
  readonly alg: Aead;
  /** bytes */
  readonly taken: readonly number[];
  readonly refused: readonly number[];
}

/** PSA Crypto API 1.0, psa_aead_encrypt; RFC 3610, SP 800-38D, RFC 8439. */
const NONCES: readonly NonceRow[] = [
  { cell: AES, alg: GCM, taken: [1, 11, 12, 13, 16, 64], refused: [0] },
  {
    cell: AES,
    alg: { kind: "aead", mode: AeadMode.Ccm },
    taken: [7, 8, 12, 13],
    refused: [0, 1, 6, 14, 16],
  },
  {
    cell: CHACHA20,
    alg: { kind: "aead", mode: AeadMode.ChaCha20Poly1305 },
    taken: [12],
    refused: [0, 8, 11, 13, 24],
  },
];

/** The longest plaintext of a 2048-bit key, bytes (RFC 8017, sections 7.1.1 and 7.2.1). */
const ENCRYPTIONS: readonly (readonly [AsymmetricEncryption, number])[] = [
  [{ kind: "rsa_pkcs1v15_crypt" }, 256 - 11],
  [{ kind: "rsa_oaep", hash: Hash.Sha1 }, 256 - 42],
  [{ kind: "rsa_oaep", hash: Hash.Sha256 }, 256 - 66],
  [{ kind: "rsa_oaep", hash: Hash.Sha512 }, 256 - 130],
];

export function testSizes(suite: Suite): void {
  suiteTest(suite, "random bytes: none, one, the most, one more", async ({ caller }) => {
    for (const size of [0, 1, 16, BUFFER_SIZE_LIMIT]) {
      const { randomBytes } = await caller.must("PsaGenerateRandom", { size });
      assert.equal(randomBytes.length, size);
    }
    for (const size of [BUFFER_SIZE_LIMIT + 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      await caller.refused(ResponseTooLarge, "PsaGenerateRandom", { size });
    }
    const draws = await Promise.all(
      Array.from({ length: 64 }, () => caller.must("PsaGenerateRandom", { size: 16 })),
    );
    assert.equal(new Set(draws.map((draw) => draw.randomBytes.toHex())).size, draws.length);
  });

  suiteTest(suite, "an AEAD takes nonces of its lengths alone", async (stage, t) => {
    for (const row of NONCES) {
      const need = { cell: row.cell, algorithm: row.alg, operation: "PsaAeadEncrypt" } as const;
      await keyStep(t, stage, need, (keyName) => tryNonces(stage.caller, keyName, row));
    }
  });

  suiteTest(suite, "RSA encrypts as much as has room", async (stage, t) => {
    for (const [algorithm, room] of ENCRYPTIONS) {
      const need = { cell: RSA, algorithm, operation: "PsaAsymmetricEncrypt" } as const;
      const about = { alg: algorithm, salt: NOTHING };
      await keyStep(t, stage, need, async (keyName) => {
        for (const length of [1, room]) {
          await encryptAndDecrypt(stage.caller, { ...about, keyName, plaintext: pattern(length) });
        }
        for (const length of [0, room + 1, 256, 5000]) {
          const operation = { ...about, keyName, plaintext: pattern(length) };
          await stage.caller.refused(PsaErrorInvalidArgument, "PsaAsymmetricEncrypt", operation);
        }
      });
    }
  });

  suiteTest(suite, "raw PKCS#1 v1.5 signs as much as has room", async (stage, t) => {
    const alg = { kind: "rsa_pkcs1v15_sign_raw" } as const;
    const need = { cell: RSA, algorithm: alg, operation: "PsaSignHash" } as const;
    await keyStep(t, stage, need, async (keyName) => {
      for (const length of [1, 20, 256 - 11]) {
        const operation = { keyName, alg, hash: pattern(length) };
        const { signature } = await stage.caller.must("PsaSignHash", operation);
        await stage.caller.must("PsaVerifyHash", { ...operation, signature });
      }
      for (const length of [0, 256 - 10, 5000]) {
        const operation = { keyName, alg, hash: pattern(length) };
        await stage.caller.refused(PsaErrorInvalidArgument, "PsaSignHash", operation);
      }
    });
  });

  suiteTest(suite, "messages of any length, up to a whole body", async (stage, t) => {
    const need = { cell: AES, algorithm: GCM, operation: "PsaAeadEncrypt" } as const;
    await keyStep(t, stage, need, async (keyName) => {
      for (const length of [0, 1, 15, 16, 17, 65_536, 1_000_000]) {
        await sealAndOpen(stage.caller, keyName, pattern(length));
      }
    });
    await t.step("more than a body is refused", async () => {
      const operation = { alg: Hash.Sha256, input: new Uint8Array(BODY_LIMIT) };
      await stage.caller.refused(BodySizeExceedsLimit, "PsaHashCompute", operation);
    });
  });
}

async function tryNonces(
  caller: Caller,
  keyName: string,
  { alg, taken, refused }: NonceRow,
): Promise<void> {
  for (const length of [...taken, ...refused]) {
    const about = { keyName, alg, nonce: pattern(length), additionalData: NOTHING };
    const sealed = await caller.ask("PsaAeadEncrypt", { ...about, plaintext: NONCE });
    const wanted = taken.includes(length) ? Success : PsaErrorInvalidArgument;
    assert.equal(sealed.status, wanted, `encryption with ${length} bytes`);
    const ciphertext = sealed.result?.ciphertext ?? pattern(28);
    const opened = await caller.ask("PsaAeadDecrypt", { ...about, ciphertext });
    assert.equal(opened.status, wanted, `decryption with ${length} bytes`);
  }
}

async function encryptAndDecrypt(
  caller: Caller,
  { plaintext, ...about }: OperationOf<"PsaAsymmetricEncrypt">,
): Promise<void> {
  const { ciphertext } = await caller.must("PsaAsymmetricEncrypt", { ...about, plaintext });
  assert.equal(ciphertext.length, RSA.bits / 8);
  const opened = await caller.must("PsaAsymmetricDecrypt", { ...about, ciphertext });
  assert.equal(opened.plaintext.toHex(), plaintext.toHex());
}

async function sealAndOpen(caller: Caller, keyName: string, plaintext: Uint8Array): Promise<void> {
  const about = { keyName, alg: GCM, nonce: NONCE, additionalData: NOTHING };
  const { ciphertext } = await caller.must("PsaAeadEncrypt", { ...about, plaintext });
  assert.equal(ciphertext.length, plaintext.length + AEAD_TAG_LENGTH);
  const opened = await caller.must("PsaAeadDecrypt", { ...about, ciphertext });
  assert.equal(opened.plaintext.toHex(), plaintext.toHex());
}
