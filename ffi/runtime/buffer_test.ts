import assert from "node:assert/strict";
import { asBuffer, freshBytes } from "./buffer.ts";

Deno.test("asBuffer() gives empty bytes an address", () => {
  assert.notEqual(Deno.UnsafePointer.of(asBuffer(new Uint8Array(0))), null);
  const bytes = Uint8Array.of(1);
  assert.equal(asBuffer(bytes), bytes);
});

Deno.test("freshBytes() gives out no byte twice, and zeros alone", () => {
  const given: Uint8Array[] = [];
  for (let i = 0; i < 2000; i++) {
    const bytes = freshBytes(i % 3000);
    assert.equal(bytes.length, i % 3000);
    assert.ok(bytes.every((byte) => byte === 0));
    bytes.fill(0xff);
    given.push(bytes);
  }
  const ends = new Map<ArrayBufferLike, number>();
  for (const { buffer, byteOffset, length } of given) {
    assert.ok(byteOffset >= (ends.get(buffer) ?? 0), "two of them share a byte");
    assert.equal(byteOffset % 8, 0);
    ends.set(buffer, byteOffset + length);
  }
});

Deno.test("freshBytes() keeps no large array alive for a long result's sake", () => {
  const long = freshBytes(5000);
  assert.equal(long.buffer.byteLength, 5000);
});
