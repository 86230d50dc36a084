import assert from "node:assert/strict";
import { ecdsaDerToRaw, ecdsaRawToDer } from "./ecdsa_signature.ts";

const hex = (value: string) => Uint8Array.fromHex(value.replaceAll(" ", ""));

/** DER, `r || s`, bytes of the field. */
const ROWS: readonly (readonly [string, string, number])[] = [
  ["3006020101020102", "0102", 1],
  ["3006020101020102", "00010002", 2],
  ["3008020200ff02020080", "ff80", 1],
  ["30080202 7fff 0202 0100", "7fff0100", 2],
  [
    `3024 0210 ${"11".repeat(16)} 0210 ${"22".repeat(16)}`,
    "11".repeat(16) + "22".repeat(16),
    16,
  ],
  [
    `308188 024201 ${"ff".repeat(65)} 024200 ${"ff".repeat(65)}`,
    `01${"ff".repeat(65)}00${"ff".repeat(65)}`,
    66,
  ],
];

Deno.test("signatures go from DER to raw and back", async (t) => {
  for (const [der, raw, fieldBytes] of ROWS) {
    await t.step(raw.slice(0, 20), () => {
      assert.equal(ecdsaDerToRaw(hex(der), fieldBytes).toHex(), raw);
      assert.deepEqual(ecdsaRawToDer(hex(raw)), hex(der));
    });
  }
});

Deno.test("random signatures with leading zeros come back as they were", () => {
  let state = 20_240_601; // seed
  const next = () => (state = Math.imul(state, 1_103_515_245) + 12_345 >>> 0) >>> 24;
  for (let i = 0; i < 2000; i++) {
    const raw = new Uint8Array(64).map(next);
    raw.fill(0, 0, i % 33);
    raw.fill(0, 32, 32 + (i * 7) % 33);
    assert.deepEqual(ecdsaDerToRaw(ecdsaRawToDer(raw), 32), raw);
  }
});

Deno.test("ecdsaDerToRaw() refuses what is not canonical or does not fit", async (t) => {
  const wrong: readonly (readonly [string, string, number])[] = [
    ["one number", "3003020101", 1],
    ["three numbers", "3009020101020102020103", 1],
    ["r too long", "3007 02020100 020102", 1],
    ["s too long", "3007 020102 02020100", 1],
    ["a padded r", "3007 02020001 020102", 2],
    ["a negative s", "3006020101020180", 1],
    ["a byte behind", "300602010102010200", 1],
    ["empty", "", 1],
  ];
  for (const [name, der, fieldBytes] of wrong) {
    await t.step(name, () => {
      assert.throws(() => ecdsaDerToRaw(hex(der), fieldBytes), RangeError);
    });
  }
});

Deno.test("ecdsaRawToDer() refuses an odd length", () => {
  assert.throws(() => ecdsaRawToDer(new Uint8Array(3)), RangeError);
});
