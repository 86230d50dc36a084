import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Writer } from "protobufjs/minimal";
import { writeBody } from "./body_writer.ts";
import { OPERATIONS } from "./operation_table.ts";

Deno.test("writeBody() wipes every buffer that the message passed through", () => {
  const buffers = new Set<Uint8Array>();
  const watch = (writer: Writer) => buffers.add(writer.buf);
  const secret = new Uint8Array(3000).fill(0x5e);
  const body = writeBody((writer) => {
    writer.uint32(10).bytes(secret.subarray(0, 1000));
    watch(writer);
    writer.uint32(18).bytes(secret);
    watch(writer);
    writer.uint32(26).bytes(secret);
    watch(writer);
  });
  ok(buffers.size >= 2);
  for (const buffer of buffers) ok(buffer.every((byte) => byte === 0));
  strictEqual(body.length, 1003 + 2 * 3003);
  strictEqual(body.filter((byte) => byte === 0x5e).length, 7000);
  ok(!buffers.has(body));
});

Deno.test("writeBody() wipes what was written before an error, and goes on working", () => {
  let buffer: Uint8Array | undefined;
  throws(() =>
    writeBody((writer) => {
      buffer = writer.buf;
      writer.uint32(10).fork().uint32(10).bytes(Uint8Array.of(1, 2, 3));
      throw new RangeError("Cannot go on");
    }), RangeError);
  ok(buffer?.every((byte) => byte === 0));
  deepStrictEqual(writeBody((writer) => writer.uint32(8).uint32(1)), Uint8Array.of(8, 1));
});

Deno.test("writeBody() gives memory of its own size to each message", () => {
  const bodies = [1, 2].map((id) => writeBody((writer) => writer.uint32(8).uint32(id)));
  deepStrictEqual(bodies, [Uint8Array.of(8, 1), Uint8Array.of(8, 2)]);
  for (const body of bodies) strictEqual(body.buffer.byteLength, 2);
});

Deno.test("writeBody() refuses text that UTF-8 does not have", () => {
  throws(() => OPERATIONS.PsaDestroyKey.encodeOperation({ keyName: "a\ud800" }), TypeError);
});

Deno.test("writeBody() refuses a 64-bit field that was rounded or is no count", () => {
  for (const size of [2 ** 53, 2 ** 64, -1, 0.5, NaN]) {
    throws(() => OPERATIONS.PsaGenerateRandom.encodeOperation({ size }), RangeError);
  }
});
