/** Ciphertexts: nothing but what was encrypted comes out, and the authenticated ones give nothing at all. */
import assert from "node:assert/strict";
import {
  type Aead,
  AeadMode,
  type AsymmetricEncryption,
  type Cipher,
  CipherMode,
} from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { ResponseStatus } from "../../src/status.ts";
import type { Caller } from "./caller.ts";
import { pattern } from "./material.ts";
import { bitFlips, mutationsOf, otherLengths } from "./mutations.ts";
import { NONCE, NOTHING, PLAINTEXT, SHORT_PLAINTEXT } from "./round_trips.ts";
import { keyStep, type Suite, suiteTest } from "./suite.ts";
import type { KeyCell } from "./universe.ts";

const {
  Success,
  PsaErrorInvalidArgument,
  PsaErrorInvalidPadding,
  PsaErrorInvalidSignature,
} = ResponseStatus;

const AES: KeyCell = { type: { kind: "aes" }, bits: 256 };
const CHACHA20: KeyCell = { type: { kind: "chacha20" }, bits: 256 };
const RSA: KeyCell = { type: { kind: "rsa_key_pair" }, bits: 2048 };

const AEADS: readonly (readonly [KeyCell, Aead])[] = [
  [AES, { kind: "aead", mode: AeadMode.Gcm }],
  [AES, { kind: "aead", mode: AeadMode.Gcm, tagLength: 4 }],
  [AES, { kind: "aead", mode: AeadMode.Ccm }],
  [AES, { kind: "aead", mode: AeadMode.Ccm, tagLength: 8 }],
  [CHACHA20, { kind: "aead", mode: AeadMode.ChaCha20Poly1305 }],
];

const CIPHERS: readonly (readonly [KeyCell, Cipher])[] = [
  ...Object.values(CipherMode)
    .filter((mode) => mode !== CipherMode.StreamCipher)
    .map((mode) => [AES, { kind: "cipher", mode }] as const),
  [CHACHA20, { kind: "cipher", mode: CipherMode.StreamCipher }],
];

const ENCRYPTIONS: readonly (readonly [KeyCell, AsymmetricEncryption])[] = [
  [RSA, { kind: "rsa_pkcs1v15_crypt" }],
  [RSA, { kind: "rsa_oaep", hash: Hash.Sha1 }],
  [RSA, { kind: "rsa_oaep", hash: Hash.Sha256 }],
];

export function testTamperedCiphertexts(suite: Suite): void {
  suiteTest(suite, "an AEAD gives nothing where anything was changed", async (stage, t) => {
    for (const [cell, algorithm] of AEADS) {
      const need = { cell, algorithm, operation: "PsaAeadEncrypt" } as const;
      await keyStep(t, stage, need, (name) => aead(stage.caller, name, algorithm));
    }
  });

  suiteTest(suite, "a changed ciphertext never gives the plaintext", async (stage, t) => {
    for (const [cell, algorithm] of CIPHERS) {
      const need = { cell, algorithm, operation: "PsaCipherEncrypt" } as const;
      await keyStep(t, stage, need, (name) => cipher(stage.caller, name, algorithm));
    }
    for (const [cell, algorithm] of ENCRYPTIONS) {
      const need = { cell, algorithm, operation: "PsaAsymmetricEncrypt" } as const;
      await keyStep(t, stage, need, (name) => rsa(stage.caller, name, algorithm));
    }
  });
}

async function aead(caller: Caller, keyName: string, alg: Aead): Promise<void> {
  for (const plaintext of [PLAINTEXT, NOTHING]) {
    const about = { keyName, alg, nonce: NONCE, additionalData: pattern(5) };
    const { ciphertext } = await caller.must("PsaAeadEncrypt", { ...about, plaintext });
    const good = { ...about, ciphertext };
    const opened = await caller.must("PsaAeadDecrypt", good);
    assert.equal(opened.plaintext.toHex(), plaintext.toHex());
    const refused = async (change: Partial<typeof good>, what: string) => {
      const statuses = [PsaErrorInvalidSignature, PsaErrorInvalidArgument];
      // Only what can't be a ciphertext or a nonce at all is an argument error.
      const wanted = change.additionalData || hasLengthOf(change, good) ? statuses[0]! : statuses;
      await caller.refused(wanted, "PsaAeadDecrypt", { ...good, ...change }, what);
    };
    for (const { name, bytes } of mutationsOf(ciphertext)) {
      await refused({ ciphertext: bytes }, `ciphertext ${name}`);
    }
    for (const { name, bytes } of mutationsOf(about.additionalData)) {
      await refused({ additionalData: bytes }, `additional data ${name}`);
    }
    for (const { name, bytes } of mutationsOf(NONCE)) {
      await refused({ nonce: bytes }, `nonce ${name}`);
    }
  }
}

interface Lengths {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

function hasLengthOf(change: Partial<Lengths>, good: Lengths): boolean {
  const { nonce = good.nonce, ciphertext = good.ciphertext } = change;
  return nonce.length === good.nonce.length && ciphertext.length === good.ciphertext.length;
}

async function cipher(caller: Caller, keyName: string, alg: Cipher): Promise<void> {
  const plaintext = PLAINTEXT;
  const { ciphertext } = await caller.must("PsaCipherEncrypt", { keyName, alg, plaintext });
  const again = await caller.must("PsaCipherEncrypt", { keyName, alg, plaintext });
  const isPlain = alg.mode === CipherMode.EcbNoPadding;
  assert.equal(ciphertext.toHex() === again.ciphertext.toHex(), isPlain, "a fresh IV each time");
  for (const { name, bytes } of mutationsOf(ciphertext)) {
    const answer = await caller.ask("PsaCipherDecrypt", { keyName, alg, ciphertext: bytes });
    const statuses: number[] = [Success, PsaErrorInvalidArgument, PsaErrorInvalidPadding];
    assert.ok(statuses.includes(answer.status), `ciphertext ${name}: ${answer.status}`);
    assert.notEqual(answer.result?.plaintext.toHex(), plaintext.toHex(), name);
  }
}

async function rsa(caller: Caller, keyName: string, alg: AsymmetricEncryption): Promise<void> {
  const salt = alg.kind === "rsa_oaep" ? pattern(9) : NOTHING;
  const about = { keyName, alg, salt };
  const plaintext = SHORT_PLAINTEXT;
  const { ciphertext } = await caller.must("PsaAsymmetricEncrypt", { ...about, plaintext });
  const opened = await caller.must("PsaAsymmetricDecrypt", { ...about, ciphertext });
  assert.equal(opened.plaintext.toHex(), plaintext.toHex());
  for (const { name, bytes } of bitFlips(ciphertext)) {
    const answer = await caller.ask("PsaAsymmetricDecrypt", { ...about, ciphertext: bytes });
    // Implicit rejection of PKCS#1 v1.5 answers with other bytes; OAEP never does.
    const isRejected = answer.status === Success && alg.kind === "rsa_pkcs1v15_crypt";
    const statuses: number[] = [PsaErrorInvalidPadding, PsaErrorInvalidArgument];
    assert.ok(isRejected || statuses.includes(answer.status), `${name}: ${answer.status}`);
    assert.notEqual(answer.result?.plaintext.toHex(), plaintext.toHex(), name);
  }
  for (const { name, bytes } of otherLengths(ciphertext)) {
    const operation = { ...about, ciphertext: bytes };
    await caller.refused(PsaErrorInvalidArgument, "PsaAsymmetricDecrypt", operation, name);
  }
  if (alg.kind !== "rsa_oaep") return;
  for (const { name, bytes } of mutationsOf(salt)) {
    const operation = { ...about, ciphertext, salt: bytes };
    await caller.refused(PsaErrorInvalidPadding, "PsaAsymmetricDecrypt", operation, name);
  }
}
