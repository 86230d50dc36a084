import assert from "node:assert/strict";
import { readUnsignedSequence, writeUnsignedSequence } from "./der.ts";

const hex = (value: string) => Uint8Array.fromHex(value.replaceAll(" ", ""));

const ROWS: readonly (readonly [string, readonly string[]])[] = [
  ["3000", []],
  ["3003 020100", [""]],
  ["3003 020101", ["01"]],
  ["3003 02017f", ["7f"]],
  ["3004 02020080", ["80"]],
  ["3007 020203e8 020105", ["03e8", "05"]],
  [`308180 027e ${"11".repeat(126)}`, ["11".repeat(126)]],
  [`308183 028180 ${"11".repeat(128)}`, ["11".repeat(128)]],
  [`30820104 02820100 ${"11".repeat(256)}`, ["11".repeat(256)]],
  [`3083010005 0283010000 ${"11".repeat(65_536)}`, ["11".repeat(65_536)]],
];

Deno.test("readUnsignedSequence() and writeUnsignedSequence() go both ways", async (t) => {
  for (const [der, numbers] of ROWS) {
    await t.step(der.slice(0, 40), () => {
      const bytes = hex(der);
      assert.deepEqual(readUnsignedSequence(bytes).map((number) => number.toHex()), numbers);
      assert.deepEqual(writeUnsignedSequence(numbers.map(hex)), bytes);
    });
  }
});

Deno.test("writeUnsignedSequence() drops leading zeros", () => {
  assert.equal(writeUnsignedSequence([hex("0000ff"), hex("000000")]).toHex(), "3007020200ff020100");
});

const WRONG: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["another tag", "3100"],
  ["no length", "30"],
  ["less than the length", "3004020101"],
  ["more than the length", "300302010100"],
  ["an indefinite length", "30800201010000"],
  ["a length in long form that fits the short", "308103020101"],
  ["a length with a leading zero", `30820080 027e ${"11".repeat(126)}`],
  ["a length of five bytes", "30850000000000"],
  ["no length bytes follow", "3082"],
  ["an integer without bytes", "30020200"],
  ["a negative integer", "30030201ff"],
  ["a padded integer", "3004 0202007f"],
  ["a zero in two bytes", "300402020000"],
  ["an octet string", "3003040101"],
  ["an integer beyond the sequence", "3003020201"],
];

Deno.test("readUnsignedSequence() refuses what is not the canonical form", async (t) => {
  for (const [name, der] of WRONG) {
    await t.step(name, () => assert.throws(() => readUnsignedSequence(hex(der)), RangeError));
  }
});

Deno.test("readUnsignedSequence() accepts only what it would write, for random damage", () => {
  const good = writeUnsignedSequence([hex("00ff"), hex("1234"), hex("")]);
  let accepted = 0;
  for (let at = 0; at < good.length; at++) {
    for (let value = 0; value < 256; value++) {
      const bytes = good.with(at, value);
      try {
        assert.deepEqual(writeUnsignedSequence(readUnsignedSequence(bytes)), bytes);
        accepted++;
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }
  }
  assert.ok(accepted > good.length);
});
