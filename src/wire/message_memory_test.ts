import assert from "node:assert/strict";
import { allocateBytes, releaseBytes } from "./message_memory.ts";

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

Deno.test("releaseBytes() zeroes few bytes, and those that share their buffer", () => {
  const few = new Uint8Array(100).fill(1);
  releaseBytes(few);
  assert.deepEqual(few, new Uint8Array(100));
  const shared = new Uint8Array(100_001).fill(1);
  releaseBytes(shared.subarray(1));
  assert.deepEqual([shared.length, shared[0], shared[1], shared.at(-1)], [100_001, 1, 0, 0]);
});

Deno.test("releaseBytes() frees many bytes at once, and leaves their views empty", () => {
  const many = new Uint8Array(32 * 1024).fill(1);
  const view = many.subarray(5, 10);
  releaseBytes(many);
  assert.equal(many.buffer.byteLength, 0);
  assert.equal(view.length, 0);
  releaseBytes(many);
});
