import assert from "node:assert/strict";
import { asBuffer } from "./buffer.ts";
import { encodeCString, readCString } from "./cstring.ts";

Deno.test("encodeCString() and readCString() go both ways", () => {
  for (const text of ["", "a", "SHA2-256", "é", "日本語", "🔑"]) {
    const bytes = encodeCString(text);
    assert.equal(bytes.at(-1), 0);
    assert.equal(readCString(Deno.UnsafePointer.of(bytes)), text);
  }
});

Deno.test("encodeCString() refuses a text with a NUL inside", () => {
  assert.throws(() => encodeCString("a\0b"), RangeError);
});

Deno.test("readCString() of NULL is the empty text", () => assert.equal(readCString(null), ""));

Deno.test("asBuffer() passes bytes as they are, and something for none", () => {
  const bytes = Uint8Array.of(1);
  assert.equal(asBuffer(bytes), bytes);
  assert.ok(asBuffer(new Uint8Array()).length > 0);
});
