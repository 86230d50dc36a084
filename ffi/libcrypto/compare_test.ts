import assert from "node:assert/strict";
import { equalConstantTime, isNumberInRange } from "./compare.ts";
import { openLibcrypto } from "./library.ts";

const bytes = (value: number) => Uint8Array.of(value >> 16, value >> 8, value);

Deno.test("isNumberInRange() is the comparison of numbers, at every border", () => {
  for (const min of [0, 1, 2, 255]) {
    for (const end of [1, 2, 3, 0xff, 0x100, 0x101, 0x8000, 0xffff, 0x1_0000, 0xff_ffff]) {
      const near = [0, 1, 2, 3, 254, 255, end - 1, end, end + 1, 0x100, 0x7fff, 0xff_ffff];
      for (const value of near.filter((value) => value <= 0xff_ffff)) {
        const expected = value >= min && value < end;
        const found = isNumberInRange(bytes(value), min, bytes(end));
        assert.equal(found, expected, `${min} <= ${value} < ${end}`);
      }
    }
  }
});

Deno.test("equalConstantTime() compares all bytes and the length", () => {
  const library = openLibcrypto();
  const some = Uint8Array.of(1, 2, 3);
  assert.equal(equalConstantTime(library, some, Uint8Array.of(1, 2, 3)), true);
  assert.equal(equalConstantTime(library, new Uint8Array(), new Uint8Array()), true);
  for (const other of [[9, 2, 3], [1, 2, 9], [1, 2], [1, 2, 3, 4], []]) {
    assert.equal(equalConstantTime(library, some, Uint8Array.from(other)), false);
  }
});
