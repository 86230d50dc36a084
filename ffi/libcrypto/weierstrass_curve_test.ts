import assert from "node:assert/strict";
import { isInRange } from "./weierstrass_curve.ts";

Deno.test("isInRange() is the comparison of numbers, at every border", () => {
  const bytes = (value: number) => Uint8Array.of(value >> 16, value >> 8, value);
  for (const order of [1, 2, 0xff, 0x100, 0x101, 0x8000, 0xffff, 0x1_0000, 0xff_ffff]) {
    const near = [0, 1, 2, order - 1, order, order + 1, 0xff, 0x100, 0x7fff, 0xff_ffff];
    for (const value of near.filter((value) => value <= 0xff_ffff)) {
      const expected = value >= 1 && value < order;
      assert.equal(isInRange(bytes(value), bytes(order)), expected, `${value} of ${order}`);
    }
  }
});
