import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Opcode, type OperationName } from "../opcode.ts";
import type { Codec } from "./codec.ts";
import { OPERATIONS } from "./operation_table.ts";
import { SAMPLES } from "../../tests/fakes/operation_samples.ts";

const NAMES = Object.keys(Opcode) as OperationName[];

/** Both ways: the value comes back, and so do the bytes. */
function roundTrips<T>(
  values: readonly T[],
  encode: (value: T) => Uint8Array,
  decode: (body: Uint8Array) => T,
): void {
  ok(values.length > 0);
  for (const value of values) {
    const body = encode(value);
    const decoded = decode(body);
    deepStrictEqual(decoded, value);
    deepStrictEqual(encode(decoded), body);
  }
}

async function checkCodec<K extends OperationName>(t: Deno.TestContext, name: K): Promise<void> {
  type Operation = Parameters<typeof OPERATIONS[K]["encodeOperation"]>[0];
  type Result = Parameters<typeof OPERATIONS[K]["encodeResult"]>[0];
  const codec = OPERATIONS[name] as unknown as Codec<Operation, Result>;
  const { operations, results } = SAMPLES[name];
  await t.step(`${name}: operations`, () => {
    roundTrips(operations as readonly Operation[], codec.encodeOperation, codec.decodeOperation);
  });
  await t.step(`${name}: results`, () => {
    roundTrips(results as readonly Result[], codec.encodeResult, codec.decodeResult);
  });
}

Deno.test("OPERATIONS decodes what it encodes, and encodes what it decodes", async (t) => {
  for (const name of NAMES) await checkCodec(t, name);
});

Deno.test("OPERATIONS has a codec for every opcode", () => {
  deepStrictEqual(new Set(Object.keys(OPERATIONS)), new Set(NAMES));
});

Deno.test("OPERATIONS encodes empty messages as no bytes", () => {
  const empty = new Uint8Array(0);
  strictEqual(OPERATIONS.PsaDestroyKey.encodeResult({}).length, 0);
  strictEqual(OPERATIONS.ListKeys.encodeResult({ keys: [] }).length, 0);
  strictEqual(OPERATIONS.PsaGenerateRandom.encodeResult({ randomBytes: empty }).length, 0);
  deepStrictEqual(OPERATIONS.PsaExportKey.decodeResult(empty), { data: empty });
});

Deno.test("OPERATIONS gives the bytes that existing clients read", async (t) => {
  const bytes = (hex: string) => Uint8Array.fromHex(hex);
  const cases: Readonly<Record<string, readonly [Uint8Array, string]>> = {
    "Ping": [
      OPERATIONS.Ping.encodeResult({ wireProtocolVersionMaj: 1, wireProtocolVersionMin: 0 }),
      "0801",
    ],
    "ListOpcodes, packed": [
      OPERATIONS.ListOpcodes.encodeResult({ opcodes: [1, 8, 9, 14, 26] }),
      "0a050108090e1a",
    ],
    "ListClients": [OPERATIONS.ListClients.encodeResult({ clients: ["a", ""] }), "0a01610a00"],
    "PsaSignHash": [OPERATIONS.PsaSignHash.encodeResult({ signature: bytes("aabb") }), "0a02aabb"],
    "PrepareKeyAttestation": [
      OPERATIONS.PrepareKeyAttestation.encodeResult({
        name: bytes("01"),
        public: bytes("02"),
        attestingKeyPub: bytes("03"),
      }),
      "0a0b0a090a01011201021a0103",
    ],
    "AttestKey": [
      OPERATIONS.AttestKey.encodeResult({ credential: bytes("05") }),
      "0a050a030a0105",
    ],
    "AttestKey's operation": [
      OPERATIONS.AttestKey.encodeOperation({
        attestedKeyName: "k",
        attestingKeyName: "e",
        credentialBlob: bytes("01"),
        secret: bytes("02"),
      }),
      "0a016b12080a060a01011201021a0165",
    ],
  };
  for (const [name, [body, hex]] of Object.entries(cases)) {
    await t.step(name, () => strictEqual(body.toHex(), hex));
  }
});
