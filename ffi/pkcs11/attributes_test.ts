import assert from "node:assert/strict";
import { Arena } from "../runtime/arena.ts";
import { AttributeRequest, layTemplate } from "./attributes.ts";
import { Pkcs11AnswerError } from "./errors.ts";
import { CK_ATTRIBUTE } from "./types.ts";

/** What is at an address. */
function memoryAt(pointer: Deno.PointerValue, length: number): Uint8Array {
  return pointer === null
    ? new Uint8Array()
    : new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, length));
}

Deno.test("layTemplate() lays each kind of value", () => {
  using arena = new Arena();
  const { bytes, count } = layTemplate(arena, [
    { type: 1, value: true },
    { type: 0x102, value: Uint8Array.of(1, 2, 3) },
    { type: 0x161, value: 32 },
    { type: 0x4000_0600, value: [0x1041, 0x1042] },
    { type: 3, value: new Uint8Array() },
  ]);
  assert.equal(count, 5n);
  const view = new DataView(bytes.buffer);
  const found = Array.from({ length: 5 }, (_, i) => {
    const { type, pValue, ulValueLen } = CK_ATTRIBUTE.read(view, i * CK_ATTRIBUTE.size);
    return [Number(type), memoryAt(pValue, Number(ulValueLen)).toHex()];
  });
  assert.deepEqual(found, [
    [1, "01"],
    [0x102, "010203"],
    [0x161, "2000000000000000"],
    [0x4000_0600, "41100000000000004210000000000000"],
    [3, ""],
  ]);
});

/** Plays the module: writes lengths, and values where there is room. */
function answer(
  { template: { bytes } }: AttributeRequest,
  answers: readonly (Uint8Array | bigint)[],
) {
  const view = new DataView(bytes.buffer);
  answers.forEach((each, i) => {
    const start = i * CK_ATTRIBUTE.size;
    const { type, pValue } = CK_ATTRIBUTE.read(view, start);
    const length = typeof each === "bigint" ? each : BigInt(each.length);
    if (pValue !== null && typeof each !== "bigint") memoryAt(pValue, each.length).set(each);
    CK_ATTRIBUTE.write(view, start, { type, pValue, ulValueLen: length });
  });
}

const UNAVAILABLE = 0xffff_ffff_ffff_ffffn;

Deno.test("AttributeRequest reads what there is, and leaves out what there is not", () => {
  using arena = new Arena();
  const request = new AttributeRequest(arena, [1, 2, 3]);
  const answers = [Uint8Array.of(7, 8), UNAVAILABLE, new Uint8Array()] as const;
  answer(request, answers);
  request.makeRoom();
  answer(request, answers);
  const values = request.values();
  assert.deepEqual(values.get(1), Uint8Array.of(7, 8));
  assert.equal(values.has(2), false);
  assert.deepEqual(values.get(3), new Uint8Array());
});

Deno.test("AttributeRequest refuses lengths that can't be", () => {
  using arena = new Arena();
  const huge = new AttributeRequest(arena, [1]);
  answer(huge, [1n << 30n]);
  assert.throws(() => huge.makeRoom(), Pkcs11AnswerError);
  const growing = new AttributeRequest(arena, [1]);
  answer(growing, [Uint8Array.of(1)]);
  growing.makeRoom();
  answer(growing, [2n]);
  assert.throws(() => growing.values(), Pkcs11AnswerError);
});
