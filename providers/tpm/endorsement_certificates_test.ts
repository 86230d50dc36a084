import assert from "node:assert/strict";
import { readCertificates } from "./endorsement_certificates.ts";

/** As long as a certificate may be; its contents do not matter here. */
function certificate(length: number, fill: number): Uint8Array {
  const bytes = new Uint8Array(4 + length).fill(fill);
  bytes.set([0x30, 0x82, length >> 8, length & 0xff]);
  return bytes;
}

function joined(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const FIRST = certificate(300, 1);
const SECOND = certificate(0x0a0b, 0x30);

Deno.test("readCertificates() cuts each at its end", async (t) => {
  const cases: readonly (readonly [string, Uint8Array, readonly Uint8Array[]])[] = [
    ["nothing", joined(), []],
    ["one", FIRST, [FIRST]],
    ["padded with ones", joined(FIRST, new Uint8Array(50).fill(0xff)), [FIRST]],
    ["padded with zeros", joined(FIRST, new Uint8Array(50)), [FIRST]],
    ["a header before it", joined([0x10, 0x01, 0x00, 0x01, 0x2e, 0x10, 0x02], FIRST), [FIRST]],
    ["several, padded", joined(FIRST, [0, 0], SECOND, [0xff]), [FIRST, SECOND]],
    ["padding alone", new Uint8Array(100).fill(0xff), []],
    ["cut off", FIRST.subarray(0, -1), []],
    ["a head cut off", Uint8Array.of(0x30, 0x82, 0x01), []],
  ];
  for (const [name, bytes, wanted] of cases) {
    await t.step(name, () => {
      assert.deepEqual(
        readCertificates(bytes).map((each) => each.toHex()),
        wanted.map((each) => each.toHex()),
      );
    });
  }
});
