import assert from "node:assert/strict";
import { readEcPoint, writeEcPoint } from "./ec_point.ts";

/** An uncompressed point, as far as its shape goes. */
function pointOf(fieldBytes: number, fill: number): Uint8Array {
  const point = new Uint8Array(1 + 2 * fieldBytes).fill(fill);
  point[0] = 4;
  return point;
}

Deno.test("readEcPoint() finds the point in each form that tokens have", async (t) => {
  for (const fieldBytes of [24, 28, 32, 48, 64, 66]) {
    await t.step(`${fieldBytes} bytes of a coordinate`, () => {
      // Also with coordinates that look like the header of DER.
      for (const fill of [0, 4, 0x41, 0xff, 2 * fieldBytes - 1]) {
        const point = pointOf(fieldBytes, fill);
        const bits = Uint8Array.of(0, ...point);
        const length = (bytes: number) => bytes < 128 ? [bytes] : [0x81, bytes];
        const forms = {
          raw: point,
          octets: Uint8Array.of(4, ...length(point.length), ...point),
          bits: Uint8Array.of(3, ...length(bits.length), ...bits),
        };
        for (const [name, value] of Object.entries(forms)) {
          assert.deepEqual(readEcPoint(value, point.length), new Uint8Array(point), name);
        }
      }
    });
  }
});

Deno.test("readEcPoint() refuses anything else", () => {
  const point = pointOf(32, 7);
  const compressed = Uint8Array.of(2, ...point.subarray(1, 33));
  const wrong = [
    new Uint8Array(),
    compressed,
    Uint8Array.of(4, 33, ...compressed),
    point.subarray(0, 64),
    Uint8Array.of(...point, 0),
    Uint8Array.of(4, 0x40, ...point),
    Uint8Array.of(5, 0x41, ...point),
    Uint8Array.of(3, 0x42, 1, ...point),
    Uint8Array.of(5, ...point.subarray(1)),
  ];
  for (const value of wrong) assert.equal(readEcPoint(value, 65), undefined, value.toHex());
});

Deno.test("writeEcPoint() is read again", () => {
  for (const fieldBytes of [24, 32, 66]) {
    const point = pointOf(fieldBytes, 9);
    for (const form of ["raw", "octet_string"] as const) {
      assert.deepEqual(readEcPoint(writeEcPoint(point, form), point.length), new Uint8Array(point));
    }
  }
  assert.equal(writeEcPoint(pointOf(32, 9), "octet_string").subarray(0, 3).toHex(), "044104");
});
