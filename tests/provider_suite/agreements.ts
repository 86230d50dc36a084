/** Agreement: both sides get the same secret, and only from a sound public key of the same kind. */
import assert from "node:assert/strict";
import { Agreement, type RawKeyAgreement } from "../../src/psa/algorithm.ts";
import { DhFamily, EccFamily } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { attributesOf } from "./bench.ts";
import { type Caller, freshName } from "./caller.ts";
import { bitFlips, otherLengths } from "./mutations.ts";
import { ECDH } from "./sample_keys.ts";
import { keyStep, type Stage, type Suite, suiteTest } from "./suite.ts";
import type { KeyCell } from "./universe.ts";

const { PsaErrorInvalidArgument } = ResponseStatus;

const FFDH = { kind: "raw_key_agreement", agreement: Agreement.Ffdh } as const;
const ecc = (family: EccFamily, bits: number): KeyCell => ({
  type: { kind: "ecc_key_pair", family },
  bits,
});

interface Row {
  readonly cell: KeyCell;
  readonly alg: RawKeyAgreement;
  /** bytes */
  readonly secretLength: number;
  /** Whether a changed bit of a public key makes it one that there isn't. */
  readonly noticesFlips: boolean;
}

const ROWS: readonly Row[] = [
  { cell: ecc(EccFamily.SecpR1, 256), alg: ECDH, secretLength: 32, noticesFlips: true },
  { cell: ecc(EccFamily.SecpR1, 521), alg: ECDH, secretLength: 66, noticesFlips: true },
  { cell: ecc(EccFamily.SecpK1, 256), alg: ECDH, secretLength: 32, noticesFlips: true },
  { cell: ecc(EccFamily.SectK1, 283), alg: ECDH, secretLength: 36, noticesFlips: true },
  { cell: ecc(EccFamily.BrainpoolPR1, 384), alg: ECDH, secretLength: 48, noticesFlips: true },
  { cell: ecc(EccFamily.Montgomery, 255), alg: ECDH, secretLength: 32, noticesFlips: false },
  { cell: ecc(EccFamily.Montgomery, 448), alg: ECDH, secretLength: 56, noticesFlips: false },
  {
    cell: { type: { kind: "dh_key_pair", family: DhFamily.Rfc7919 }, bits: 2048 },
    alg: FFDH,
    secretLength: 256,
    noticesFlips: false,
  },
];

/** Bytes that fill no public key; the first of them gives no secret on any curve. */
const DEGENERATE = [0x00, 0x04, 0xff];

export function testAgreements(suite: Suite): void {
  suiteTest(
    suite,
    "two keys agree on one secret, and take no other public key",
    async (stage, t) => {
      for (const row of ROWS) {
        const need = {
          cell: row.cell,
          algorithm: row.alg,
          operation: "PsaRawKeyAgreement",
        } as const;
        await keyStep(t, stage, need, (ours) => tryAgreement(stage, ours, row));
      }
    },
  );

  suiteTest(suite, "a public key of another curve is refused", async (stage, t) => {
    const [{ cell, alg }, , ...others] = ROWS as readonly [Row, ...Row[]];
    const need = { cell, algorithm: alg, operation: "PsaRawKeyAgreement" } as const;
    await keyStep(t, stage, need, async (privateKeyName) => {
      for (const other of others) {
        if (!stage.declared.makes(other.cell, "generate")) continue;
        const peerKey = await generatedPublicKey(stage.caller, other);
        const operation = { privateKeyName, alg: ECDH, peerKey };
        await stage.caller.refused(PsaErrorInvalidArgument, "PsaRawKeyAgreement", operation);
      }
    });
  });
}

async function tryAgreement(
  { bench, caller }: Stage,
  ours: string,
  { cell, alg, secretLength, noticesFlips }: Row,
): Promise<void> {
  const theirs = freshName();
  await caller.must("PsaGenerateKey", { keyName: theirs, attributes: attributesOf(cell, alg) });
  const agree = async (privateKeyName: string, peerKey: Uint8Array) =>
    await caller.ask("PsaRawKeyAgreement", { privateKeyName, alg, peerKey });
  const peerKey = await bench.publicKeyOf(theirs);
  const secret = (await agree(ours, peerKey)).result?.sharedSecret;
  assert.equal(secret?.length, secretLength);
  const same = await agree(theirs, await bench.publicKeyOf(ours));
  assert.equal(same.result?.sharedSecret.toHex(), secret?.toHex());
  // The last bit of an X25519 key does not count (RFC 7748, section 5).
  const flips = bitFlips(peerKey).slice(0, noticesFlips ? undefined : -1);
  for (const { name, bytes } of flips) {
    const { status, result } = await agree(ours, bytes);
    if (noticesFlips) assert.equal(status, PsaErrorInvalidArgument, name);
    assert.notEqual(result?.sharedSecret.toHex(), secret?.toHex(), name);
  }
  const degenerate = DEGENERATE.map((byte) => ({
    name: `all bytes ${byte}`,
    bytes: new Uint8Array(peerKey.length).fill(byte),
  })).filter((_, index) => noticesFlips || index === 0);
  for (const { name, bytes } of [...otherLengths(peerKey), ...degenerate]) {
    assert.equal((await agree(ours, bytes)).status, PsaErrorInvalidArgument, name);
  }
  await caller.destroy(theirs);
}

async function generatedPublicKey(caller: Caller, { cell, alg }: Row): Promise<Uint8Array> {
  const keyName = freshName();
  await caller.must("PsaGenerateKey", { keyName, attributes: attributesOf(cell, alg) });
  const { data } = await caller.must("PsaExportPublicKey", { keyName });
  await caller.destroy(keyName);
  return data;
}
