import assert from "node:assert/strict";
import { decodeHeaderFields, encodeHeader, HEADER_SIZE, type WireHeader } from "./header.ts";

const EXAMPLE: WireHeader = {
  provider: 3,
  session: 0x0102030405060708n,
  contentType: 0,
  acceptType: 0,
  authType: 3,
  bodyLength: 0x00010203,
  authLength: 0x0405,
  opcode: 0x0002,
  status: 1134,
  reserved1: 0,
  reserved2: 0,
};

Deno.test("encodeHeader() puts each field at its offset, little-endian", () => {
  const message = new Uint8Array(HEADER_SIZE);
  encodeHeader(EXAMPLE, message);
  assert.equal(
    message.toHex(),
    "10a7c05e" + "1e00" + "0100" + "0000" + "03" + "0807060504030201" + "00" + "00" + "03" +
      "03020100" + "0504" + "02000000" + "6e04" + "0000",
  );
});

Deno.test("decodeHeaderFields() reads what encodeHeader() wrote", () => {
  const message = new Uint8Array(HEADER_SIZE + 7).subarray(5);
  encodeHeader(EXAMPLE, message);
  const view = new DataView(message.buffer, message.byteOffset, HEADER_SIZE);
  assert.deepEqual(decodeHeaderFields(view), EXAMPLE);
});

Deno.test("decodeHeaderFields() reads numbers with the highest bit set as they were", () => {
  const largest = {
    ...EXAMPLE,
    session: 2n ** 64n - 1n,
    bodyLength: 0xffff_ffff,
    authLength: 0xffff,
    opcode: 0x8000_0001,
    status: 0xffff,
  };
  const message = new Uint8Array(HEADER_SIZE);
  encodeHeader(largest, message);
  assert.equal(message.subarray(28, 32).toHex(), "01000080");
  assert.deepEqual(decodeHeaderFields(new DataView(message.buffer)), largest);
});

Deno.test("decodeHeaderFields() refuses fewer bytes than a header", () => {
  assert.throws(
    () => decodeHeaderFields(new DataView(new ArrayBuffer(HEADER_SIZE - 1))),
    RangeError,
  );
});

Deno.test("encodeHeader() refuses a message shorter than a header", () => {
  assert.throws(() => encodeHeader(EXAMPLE, new Uint8Array(HEADER_SIZE - 1)), RangeError);
});
