import assert from "node:assert/strict";
import { addressOf, Arena } from "./arena.ts";

Deno.test("Arena.alloc() gives zeroed memory of the length asked", () => {
  using arena = new Arena();
  for (const length of [0, 1, 8, 4096]) {
    const block = arena.alloc(length);
    assert.deepEqual(block, new Uint8Array(length));
  }
});

Deno.test("Arena.alloc() gives each block an address of its own, empty ones too", () => {
  using arena = new Arena();
  const addresses = [0, 0, 16, 16].map((length) => addressOf(arena.alloc(length)));
  assert.equal(new Set(addresses).size, 4);
  assert.ok(!addresses.includes(0n));
});

Deno.test("Arena.copy() is a copy", () => {
  using arena = new Arena();
  const bytes = Uint8Array.of(1, 2, 3);
  const copy = arena.copy(bytes);
  bytes[0] = 9;
  assert.deepEqual(copy, Uint8Array.of(1, 2, 3));
});

Deno.test("Arena.cstring() ends with a NUL behind all bytes of the text", () => {
  using arena = new Arena();
  assert.deepEqual(arena.cstring("é"), Uint8Array.of(0xc3, 0xa9, 0));
});

Deno.test("an Arena zeroes its memory when it is disposed of", () => {
  const arena = new Arena();
  const blocks = [arena.copy(Uint8Array.of(1, 2, 3)), arena.cstring("secret")];
  arena[Symbol.dispose]();
  for (const block of blocks) assert.ok(block.every((byte) => byte === 0));
});

Deno.test("addressOf() is the address of the first byte of a view", () => {
  using arena = new Arena();
  const block = arena.alloc(16);
  assert.equal(addressOf(block.subarray(5)), addressOf(block) + 5n);
});
