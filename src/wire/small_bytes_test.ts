import assert from "node:assert/strict";
import { allocateBytes } from "./small_bytes.ts";

Deno.test("allocateBytes() gives zeroed bytes of the length asked for", async (t) => {
  for (const length of [0, 1, 36, 511, 512, 513, 8192, 8193, 1 << 20]) {
    await t.step(`${length} bytes`, () => {
      const bytes = allocateBytes(length);
      assert.equal(bytes.length, length);
      assert.ok(bytes.every((byte) => byte === 0));
    });
  }
});

Deno.test("allocateBytes() gives out no byte twice", () => {
  const lengths = Array.from({ length: 2000 }, (_, i) => (i * 37) % 513);
  const pieces = lengths.map((length) => allocateBytes(length));
  pieces.forEach((piece, i) => {
    assert.ok(piece.every((byte) => byte === 0), `piece ${i} has been written to`);
    piece.fill(0xff);
  });
  // Also not after the pieces before have been let go.
  assert.ok(allocateBytes(512).every((byte) => byte === 0));
});
