import assert from "node:assert/strict";
import { isKeySize } from "./key_sizes.ts";
import { DhFamily, EccFamily, type KeyType } from "./key_type.ts";

interface Row {
  readonly type: KeyType;
  readonly sizes: readonly number[];
  readonly others: readonly number[];
}

const bytes: Omit<Row, "type"> = {
  sizes: [8, 16, 128, 65_528],
  others: [0, 1, 7, 9, 65_529, 65_536, -8, NaN, Infinity],
};
const curve = (family: EccFamily): KeyType => ({ kind: "ecc_key_pair", family });
const ROWS: readonly Row[] = [
  { type: { kind: "raw_data" }, ...bytes },
  { type: { kind: "hmac" }, ...bytes },
  { type: { kind: "derive" }, ...bytes },
  { type: { kind: "aes" }, sizes: [128, 192, 256, 384, 512], others: [0, 64, 127, 1024] },
  { type: { kind: "camellia" }, sizes: [128, 192, 256, 384, 512], others: [0, 64, 320] },
  { type: { kind: "des" }, sizes: [64, 128, 192], others: [0, 56, 168, 256] },
  { type: { kind: "arc4" }, sizes: [40, 128, 2048], others: [0, 32, 41, 2056] },
  { type: { kind: "chacha20" }, sizes: [256], others: [0, 128, 512] },
  {
    type: { kind: "rsa_key_pair" },
    sizes: [1024, 1032, 2048, 3072, 4096, 8192],
    others: [0, 512, 1016, 1025, 2047, 8200],
  },
  { type: { kind: "rsa_public_key" }, sizes: [1024, 8192], others: [0, 768, 16_384] },
  { type: curve(EccFamily.SecpK1), sizes: [192, 224, 225, 256], others: [0, 226, 384] },
  { type: curve(EccFamily.SecpR1), sizes: [192, 224, 256, 384, 521], others: [0, 255, 284, 512] },
  { type: curve(EccFamily.SecpR2), sizes: [160], others: [0, 256] },
  { type: curve(EccFamily.SectK1), sizes: [163, 233, 239, 283, 409, 571], others: [0, 256] },
  { type: curve(EccFamily.SectR1), sizes: [163, 233, 283, 409, 571], others: [0, 239] },
  { type: curve(EccFamily.SectR2), sizes: [163], others: [0, 233] },
  {
    type: curve(EccFamily.BrainpoolPR1),
    sizes: [160, 192, 224, 256, 320, 384, 512],
    others: [0, 521],
  },
  { type: curve(EccFamily.Frp), sizes: [256], others: [0, 255] },
  { type: curve(EccFamily.Montgomery), sizes: [255, 448], others: [0, 256] },
  {
    type: { kind: "ecc_public_key", family: EccFamily.SecpR1 },
    sizes: [256],
    others: [0, 128],
  },
  {
    type: { kind: "dh_key_pair", family: DhFamily.Rfc7919 },
    sizes: [2048, 3072, 4096, 6144, 8192],
    others: [0, 1024, 2056],
  },
];

Deno.test("isKeySize() knows the sizes of each type and no others", async (t) => {
  for (const { type, sizes, others } of ROWS) {
    await t.step(JSON.stringify(type), () => {
      for (const bits of sizes) assert.equal(isKeySize(type, bits), true, `${bits} bits`);
      for (const bits of others) assert.equal(isKeySize(type, bits), false, `${bits} bits`);
    });
  }
});
