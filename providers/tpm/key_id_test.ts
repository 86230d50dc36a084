import assert from "node:assert/strict";
import { decodeKeyId, encodeKeyId, isKeyId, type StoredKey } from "./key_id.ts";

const PARTS = {
  publicArea: Uint8Array.of(1, 2, 3),
  wrapped: Uint8Array.of(4),
  sealedAuth: Uint8Array.of(5, 6),
};

const ROWS: readonly (readonly [StoredKey, string])[] = [
  [{ root: "ecc-p256", ...PARTS }, "50544b" + "01" + "01" + "0003010203" + "000104" + "00020506"],
  [{ root: "rsa-2048", ...PARTS }, "50544b" + "01" + "02" + "0003010203" + "000104" + "00020506"],
  [
    { root: undefined, ...PARTS, wrapped: new Uint8Array() },
    "50544b" + "01" + "00" + "0003010203" + "0000" + "00020506",
  ],
];

Deno.test("a key id is what its table says, both ways", () => {
  for (const [stored, hex] of ROWS) {
    const id = encodeKeyId(stored);
    assert.equal(id.toHex(), hex);
    assert.ok(isKeyId(id));
    assert.deepEqual(decodeKeyId(id), stored);
  }
});

Deno.test("decodeKeyId() refuses what is cut, longer, of another form or under another root", () => {
  const id = encodeKeyId({ root: "ecc-p256", ...PARTS });
  for (let length = 0; length < id.length; length++) {
    assert.throws(() => decodeKeyId(id.subarray(0, length)), RangeError);
  }
  assert.throws(() => decodeKeyId(Uint8Array.of(...id, 0)), RangeError);
  for (const [at, value] of [[3, 2], [4, 3]] as const) {
    const changed = id.slice();
    changed[at] = value;
    assert.throws(() => decodeKeyId(changed), RangeError);
  }
});

Deno.test("isKeyId() tells ours from upstream's, which begin with zeros", () => {
  assert.equal(isKeyId(new Uint8Array(100)), false);
  assert.equal(isKeyId(new Uint8Array()), false);
});
