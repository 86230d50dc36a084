import assert from "node:assert/strict";
import { decodeUnixAddress, encodeUnixAddress } from "./unix_address.ts";

Deno.test("encodeUnixAddress() writes family, path and a terminating zero", () => {
  assert.deepEqual([...encodeUnixAddress("/a")], [1, 0, 0x2f, 0x61, 0]);
});

Deno.test("encodeUnixAddress() writes an abstract name after a zero, without one at its end", () => {
  assert.deepEqual([...encodeUnixAddress("@ab")], [1, 0, 0, 0x61, 0x62]);
});

Deno.test("encodeUnixAddress() takes 107 bytes and rejects 108", () => {
  assert.equal(encodeUnixAddress("p".repeat(107)).length, 2 + 108);
  assert.throws(() => encodeUnixAddress("p".repeat(108)), /108 bytes, wanted at most 107/);
  assert.throws(() => encodeUnixAddress("é".repeat(54)), RangeError);
});

Deno.test("encodeUnixAddress() rejects an empty path and a zero byte", () => {
  assert.throws(() => encodeUnixAddress(""), RangeError);
  assert.throws(() => encodeUnixAddress("/a\0b"), RangeError);
});

Deno.test("decodeUnixAddress() reads what encodeUnixAddress() writes", async (t) => {
  for (const path of ["/run/parsec/parsec.sock", "@parsec", "é", "p".repeat(107)]) {
    await t.step(path, () => assert.equal(decodeUnixAddress(encodeUnixAddress(path)), path));
  }
});

Deno.test("decodeUnixAddress() gives the empty text for a socket without a name", () => {
  assert.equal(decodeUnixAddress(new Uint8Array([1, 0])), "");
});
