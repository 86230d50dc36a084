/** ListOpcodes: what it tells is served, and what is served is told, but for what clients can't stand. */
import assert from "node:assert/strict";
import { Opcode, type OperationName } from "../../src/opcode.ts";
import { KEY_OPERATIONS, KEYLESS_OPERATIONS } from "../../src/provider.ts";
import { type Suite, suiteTest } from "./suite.ts";

/**
 * Existing clients fail on numbers that they don't know: those of MACs are never told, those from 0x8000_0000
 * on only where the configuration says so.
 */
const NEVER_TOLD: readonly OperationName[] = ["PsaMacCompute", "PsaMacVerify", "PsaDeriveBytes"];

const KEY_MANAGEMENT = [
  ...["PsaGenerateKey", "PsaImportKey", "PsaDestroyKey", "PsaExportKey"] as const,
  ...["PsaExportPublicKey", "CanDoCrypto"] as const,
];

export function testOpcodes(suite: Suite): void {
  suiteTest(suite, "ListOpcodes tells what is served", async ({ caller, declared }) => {
    const { opcodes } = await caller.client.listOpcodes({ providerId: caller.provider });
    const expected = [...KEY_MANAGEMENT, ...KEY_OPERATIONS, ...KEYLESS_OPERATIONS]
      .filter((name) => declared.serves(name) && !NEVER_TOLD.includes(name));
    const told = new Set(opcodes);
    assert.deepEqual(expected.filter((name) => !told.has(Opcode[name])), []);
    const unserved = [...KEY_OPERATIONS, ...KEYLESS_OPERATIONS, ...NEVER_TOLD]
      .filter((name) => !expected.includes(name as typeof expected[number]));
    assert.deepEqual(unserved.filter((name) => told.has(Opcode[name])), []);
  });
}
