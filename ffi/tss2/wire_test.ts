import assert from "node:assert/strict";
import { WireReader } from "./wire_reader.ts";
import { WireWriter } from "./wire_writer.ts";

Deno.test("WireWriter writes big-endian numbers, sized bytes and nested structures", () => {
  const written = new WireWriter()
    .u8(1)
    .u16(0x0203)
    .u32(0x0405_0607)
    .sized(Uint8Array.of(8, 9))
    .nested((writer) => writer.u16(10).sized(new Uint8Array()))
    .bytes(Uint8Array.of(11))
    .finish();
  assert.equal(written.toHex(), "01020304050607" + "00020809" + "0004000a0000" + "0b");
});

Deno.test("WireWriter refuses more than its capacity", () => {
  const writer = new WireWriter(4).u16(1);
  assert.throws(() => writer.u32(1), RangeError);
  assert.throws(() => writer.sized(new Uint8Array(3)), RangeError);
});

Deno.test("WireWriter wipes what it wrote, but for the copy it gives", () => {
  const writer = new WireWriter(4).u32(0xffff_ffff);
  assert.equal(writer.finish().toHex(), "ffffffff");
  assert.equal(writer.u16(7).finish().toHex(), "0007");
});

Deno.test("WireReader reads what WireWriter wrote, from the middle of a buffer too", () => {
  const written = new WireWriter().u8(1).u16(2).u32(3).sized(Uint8Array.of(4, 5)).finish();
  const buffer = new Uint8Array(20).fill(0xee);
  buffer.set(written, 7);
  const reader = new WireReader(buffer.subarray(7, 7 + written.length));
  assert.deepEqual([reader.u8(), reader.u16(), reader.u32()], [1, 2, 3]);
  assert.equal(reader.left, 4);
  const bytes = reader.sized();
  assert.equal(bytes.toHex(), "0405");
  bytes.fill(0);
  assert.equal(buffer[7 + written.length - 1], 5, "a copy");
  reader.end();
});

Deno.test("WireReader reads nothing past the end, and says what is left over", () => {
  for (const read of ["u8", "u16", "u32", "sized"] as const) {
    assert.throws(() => new WireReader(new Uint8Array())[read](), RangeError, read);
  }
  assert.throws(() => new WireReader(Uint8Array.of(0, 3, 1, 2)).sized(), RangeError);
  assert.throws(() => new WireReader(Uint8Array.of(1)).end(), RangeError);
});
