/** Published answers for what Wycheproof lacks, through the wire. */
import assert from "node:assert/strict";
import { ResponseStatus, statusName } from "../../src/status.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { KeyOperation } from "../../src/provider.ts";
import { attributesOf } from "../provider_suite/bench.ts";
import { Caller, freshName } from "../provider_suite/caller.ts";
import { softwareSuite } from "../provider_suite/software.ts";
import { Declarations } from "../provider_suite/unsupported.ts";
import {
  CIPHER_ANSWERS,
  DERIVATION_ANSWERS,
  MAC_ANSWERS,
  SIGNATURE_ANSWERS,
} from "./known_answers.ts";

const declared = new Declarations(softwareSuite.unsupported);
const bytes = (hex: string) => Uint8Array.fromHex(hex);

interface Answer {
  readonly source: string;
  readonly type: KeyType;
  readonly key: string;
  readonly alg: Algorithm;
  readonly bits?: number;
}

/** Runs a step with the row's key; where the operation is not served, that it says so. */
async function withKey(
  t: Deno.TestContext,
  caller: Caller,
  { row, operation }: { readonly row: Answer; readonly operation: KeyOperation },
  body: (keyName: string) => Promise<void>,
): Promise<void> {
  const data = bytes(row.key);
  const cell = { type: row.type, bits: row.bits ?? data.length * 8 };
  const isServed = declared.serves(operation, row.alg, cell);
  await t.step(`${operation}: ${row.source}${isServed ? "" : ", not served"}`, async () => {
    const keyName = freshName();
    await caller.must("PsaImportKey", { keyName, attributes: attributesOf(cell, row.alg), data });
    if (isServed) return await body(keyName);
    await assert.rejects(() => body(keyName), new RegExp(statusName(NOT_SUPPORTED)));
  });
}

const NOT_SUPPORTED = ResponseStatus.PsaErrorNotSupported;

Deno.test("published answers through the wire", async (t) => {
  await using served = await softwareSuite.open({ allowDeprecated: true });
  const caller = new Caller(served.exchange, served.provider, "known answers");

  for (const row of CIPHER_ANSWERS) {
    const { alg, iv, plaintext, ciphertext } = row;
    await withKey(t, caller, { row, operation: "PsaCipherDecrypt" }, async (keyName) => {
      const operation = { keyName, alg, ciphertext: bytes(iv + ciphertext) };
      const opened = await caller.must("PsaCipherDecrypt", operation);
      assert.equal(opened.plaintext.toHex(), plaintext);
      const made = await caller.must("PsaCipherEncrypt", { keyName, alg, ...opened });
      assert.equal(made.ciphertext.length, operation.ciphertext.length);
      if (iv === "") assert.equal(made.ciphertext.toHex(), ciphertext);
    });
  }
  for (const row of MAC_ANSWERS) {
    await withKey(t, caller, { row, operation: "PsaMacCompute" }, async (keyName) => {
      const { mac } = await caller.must("PsaMacCompute", {
        keyName,
        alg: row.alg,
        input: bytes(row.input),
      });
      assert.equal(mac.toHex(), row.mac);
    });
  }
  for (const row of SIGNATURE_ANSWERS) {
    const operation = { alg: row.alg, message: bytes(row.message) };
    await withKey(t, caller, { row, operation: "PsaSignMessage" }, async (keyName) => {
      const { signature } = await caller.must("PsaSignMessage", { ...operation, keyName });
      assert.equal(signature.toHex(), row.signature);
    });
    await withKey(t, caller, { row, operation: "PsaVerifyMessage" }, async (keyName) => {
      const exported = await caller.must("PsaExportPublicKey", { keyName });
      assert.equal(exported.data.toHex(), row.publicKey);
      const signature = bytes(row.signature);
      await caller.must("PsaVerifyMessage", { ...operation, keyName, signature });
    });
  }
  for (const row of DERIVATION_ANSWERS) {
    await withKey(t, caller, { row, operation: "PsaDeriveBytes" }, async (keyName) => {
      const { output } = await caller.must("PsaDeriveBytes", {
        derivation: { secret: { kind: "key", keyName }, inputs: row.inputs },
        outputLength: row.output.length / 2,
      });
      assert.equal(output.toHex(), row.output);
    });
  }
});
