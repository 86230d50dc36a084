import assert from "node:assert/strict";
import { array, bytes, I32, I64, POINTER, struct, U16, U32, U64, U8 } from "./struct.ts";

const MIXED = struct("mixed", { a: U8, b: U32, c: U16, d: U64, e: U8 });

Deno.test("struct() puts each field at the next multiple of its alignment", () => {
  assert.deepEqual(MIXED.offsets, { a: 0, b: 4, c: 8, d: 16, e: 24 });
  assert.equal(MIXED.size, 32);
  assert.equal(MIXED.align, 8);
});

Deno.test("struct() leaves no gap in a packed struct", () => {
  const packed = struct("packed", { a: U8, b: U32, c: U64 }, { packed: true });
  assert.deepEqual(packed.offsets, { a: 0, b: 1, c: 5 });
  assert.equal(packed.size, 13);
  assert.equal(packed.align, 1);
});

Deno.test("struct() nests, with the inner struct's alignment", () => {
  const inner = struct("inner", { x: U8, y: U64 });
  const outer = struct("outer", { flag: U8, inner, tail: array(U16, 3) });
  assert.deepEqual(outer.offsets, { flag: 0, inner: 8, tail: 24 });
  assert.equal(outer.size, 32);
  const value = { flag: 1, inner: { x: 2, y: 3n }, tail: [4, 5, 6] };
  assert.deepEqual(outer.decode(outer.encode(value)), value);
});

Deno.test("encode() writes little-endian and leaves gaps zero", () => {
  const encoded = MIXED.encode({ a: 1, b: 0x01020304, c: 0x0506, d: 0x0708090a0b0c0d0en, e: 0xff });
  assert.deepEqual(
    [...encoded],
    [1, 0, 0, 0, 4, 3, 2, 1, 6, 5, 0, 0, 0, 0, 0, 0]
      .concat([14, 13, 12, 11, 10, 9, 8, 7, 255, 0, 0, 0, 0, 0, 0, 0]),
  );
});

Deno.test("decode() reads a view that starts inside its buffer", () => {
  const value = { a: 9, b: 8, c: 7, d: 6n, e: 5 };
  const room = new Uint8Array(3 + MIXED.size);
  room.set(MIXED.encode(value), 3);
  assert.deepEqual(MIXED.decode(room.subarray(3)), value);
});

Deno.test("decode() rejects fewer bytes than the struct has", () => {
  assert.throws(() => MIXED.decode(new Uint8Array(31)), RangeError);
});

Deno.test("write() rejects a value that does not fit its field", async (t) => {
  const view = new DataView(new ArrayBuffer(16));
  const cases: [string, () => void][] = [
    ["u8 256", () => U8.write(view, 0, 256)],
    ["u8 -1", () => U8.write(view, 0, -1)],
    ["u16 65536", () => U16.write(view, 0, 65536)],
    ["u32 1.5", () => U32.write(view, 0, 1.5)],
    ["u32 2^32", () => U32.write(view, 0, 2 ** 32)],
    ["i32 2^31", () => I32.write(view, 0, 2 ** 31)],
    ["u64 -1", () => U64.write(view, 0, -1n)],
    ["u64 2^64", () => U64.write(view, 0, 2n ** 64n)],
    ["i64 2^63", () => I64.write(view, 0, 2n ** 63n)],
    ["bytes too long", () => bytes(2).write(view, 0, new Uint8Array(3))],
    ["array too short", () => array(U8, 3).write(view, 0, [1, 2])],
  ];
  for (const [name, write] of cases) {
    await t.step(name, () => assert.throws(write, RangeError));
  }
});

Deno.test("write() keeps the extreme values of each field", () => {
  const limits = struct("limits", { a: U8, b: U16, c: U32, d: I32, e: U64, f: I64 });
  const value = {
    a: 0xff,
    b: 0xffff,
    c: 0xffff_ffff,
    d: -0x8000_0000,
    e: 2n ** 64n - 1n,
    f: -(2n ** 63n),
  };
  assert.deepEqual(limits.decode(limits.encode(value)), value);
});

Deno.test("bytes() fills a short value up with zeros and reads a copy", () => {
  const field = bytes(4);
  const memory = new Uint8Array([9, 9, 9, 9]);
  const view = new DataView(memory.buffer);
  field.write(view, 0, new Uint8Array([1, 2]));
  const copy = field.read(view, 0);
  memory.fill(7);
  assert.deepEqual([...copy], [1, 2, 0, 0]);
});

Deno.test("POINTER keeps an address, and null as 0", () => {
  const holder = struct("holder", { p: POINTER, q: POINTER });
  const memory = new Uint8Array(8);
  const p = Deno.UnsafePointer.of(memory);
  const decoded = holder.decode(holder.encode({ p, q: null }));
  assert.ok(Deno.UnsafePointer.equals(decoded.p, p));
  assert.equal(decoded.q, null);
});
