import assert from "node:assert/strict";
import {
  decodeAdoptedKeyId,
  encodeAdoptedKey,
  encodeAdoptedKeyId,
  isAdoptedKeyId,
  type StoredAdoptedKey,
} from "./adopted_key_id.ts";
import { decodeKeyId, encodeKeyId, isKeyId } from "./key_id.ts";

const PARTS = {
  handle: 0x8101_0203,
  name: Uint8Array.of(0, 11),
  publicArea: Uint8Array.of(1, 2, 3),
  wrapped: Uint8Array.of(4),
  sealedAuth: Uint8Array.of(5, 6),
};

const ROWS: readonly (readonly [StoredAdoptedKey, string])[] = [
  [
    { what: "key", ...PARTS, wrapped: new Uint8Array() },
    "50544b" + "02" + "01" + "81010203" + "0002000b" + "0003010203" + "0000" + "00020506",
  ],
  [
    { what: "deleted_key", ...PARTS, wrapped: new Uint8Array() },
    "50544b" + "02" + "02" + "81010203" + "0002000b" + "0003010203" + "0000" + "00020506",
  ],
  [
    { what: "parent", ...PARTS },
    "50544b" + "02" + "03" + "81010203" + "0002000b" + "0003010203" + "000104" + "00020506",
  ],
];

Deno.test("the id of an adopted key is what its table says, both ways", () => {
  for (const [stored, hex] of ROWS) {
    const id = encodeAdoptedKeyId(stored);
    assert.equal(id.toHex(), hex);
    assert.equal(`${encodeAdoptedKey(stored).toHex()}00020506`, hex);
    assert.ok(isAdoptedKeyId(id) && isKeyId(id));
    assert.deepEqual(decodeAdoptedKeyId(id), stored);
  }
});

Deno.test("decodeAdoptedKeyId() refuses what is cut, longer, or has an unknown place", () => {
  const id = encodeAdoptedKeyId({ what: "parent", ...PARTS });
  for (let length = 0; length < id.length; length++) {
    assert.throws(() => decodeAdoptedKeyId(id.subarray(0, length)), RangeError);
  }
  assert.throws(() => decodeAdoptedKeyId(Uint8Array.of(...id, 0)), RangeError);
  for (const place of [0, 4]) {
    const changed = id.slice();
    changed[4] = place;
    assert.throws(() => decodeAdoptedKeyId(changed), RangeError);
  }
});

Deno.test("who knows the first form alone refuses the id of an adopted key by its form", () => {
  const id = encodeAdoptedKeyId({ what: "key", ...PARTS });
  assert.throws(() => decodeKeyId(id), /form 2, wanted 1/);
  const { publicArea, wrapped, sealedAuth } = PARTS;
  const own = encodeKeyId({ root: "ecc-p256", publicArea, wrapped, sealedAuth });
  assert.equal(isAdoptedKeyId(own), false);
});
