import assert from "node:assert/strict";
import { addressOf, Arena } from "../runtime/arena.ts";
import { readCString } from "../runtime/cstring.ts";
import { layParams, OSSL_PARAM } from "./params.ts";
import {
  OSSL_PARAM_INTEGER,
  OSSL_PARAM_OCTET_STRING,
  OSSL_PARAM_UNSIGNED_INTEGER,
  OSSL_PARAM_UTF8_STRING,
} from "./types.ts";

/** Reads an array back the way C would: by its addresses. */
function readParams(array: Uint8Array) {
  const found = [];
  for (let at = 0;; at += OSSL_PARAM.size) {
    const { key, data_type, data, data_size } = OSSL_PARAM.decode(array.subarray(at));
    if (key === null) return found;
    assert.ok(data);
    const bytes = new Uint8Array(Number(data_size));
    new Deno.UnsafePointerView(data).copyInto(bytes);
    found.push({
      key: readCString(key),
      type: data_type,
      bytes,
      address: Deno.UnsafePointer.value(data),
    });
  }
}

Deno.test("layParams() lays what C reads back", () => {
  using arena = new Arena();
  const array = layParams(arena, [
    { key: "digest", text: "SHA2-256" },
    { key: "saltlen", int: -1 },
    { key: "oaep-label", bytes: Uint8Array.of(1, 0, 2) },
    { key: "priv", unsigned: Uint8Array.of(1, 2, 3) },
    { key: "empty", bytes: new Uint8Array() },
  ]);
  assert.ok(array);
  const found = readParams(array);
  assert.deepEqual(found.map(({ key, type, bytes }) => ({ key, type, bytes })), [
    { key: "digest", type: OSSL_PARAM_UTF8_STRING, bytes: new TextEncoder().encode("SHA2-256") },
    { key: "saltlen", type: OSSL_PARAM_INTEGER, bytes: new Uint8Array(4).fill(0xff) },
    { key: "oaep-label", type: OSSL_PARAM_OCTET_STRING, bytes: Uint8Array.of(1, 0, 2) },
    { key: "priv", type: OSSL_PARAM_UNSIGNED_INTEGER, bytes: Uint8Array.of(3, 2, 1) },
    { key: "empty", type: OSSL_PARAM_OCTET_STRING, bytes: new Uint8Array() },
  ]);
  const start = addressOf(array);
  for (const { address } of found) {
    assert.ok(address > start && address <= start + BigInt(array.length));
    assert.equal(address % 8n, 0n);
  }
});

Deno.test("layParams() lays nothing for none", () => {
  using arena = new Arena();
  assert.equal(layParams(arena, []), null);
});

Deno.test("layParams() leaves the secret it is given alone, and its copy goes with the arena", () => {
  const secret = Uint8Array.of(1, 2, 3);
  let array: Uint8Array | null;
  {
    using arena = new Arena();
    array = layParams(arena, [{ key: "priv", unsigned: secret }]);
    assert.ok(array?.some((byte) => byte !== 0));
  }
  assert.ok(array?.every((byte) => byte === 0));
  assert.deepEqual(secret, Uint8Array.of(1, 2, 3));
});
