import assert from "node:assert/strict";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { ckaIdOf, freshKeyId, keyIdOf } from "./key_id.ts";

Deno.test("a key id is kept little-endian and is big-endian on the token, as upstream has it", () => {
  const keyId = keyIdOf(0x01020304);
  assert.deepEqual([...keyId], [4, 3, 2, 1]);
  assert.deepEqual([...ckaIdOf(keyId)], [1, 2, 3, 4]);
});

Deno.test("ckaIdOf() refuses what is no id of this provider", () => {
  for (const length of [0, 1, 3, 5, 16]) {
    assert.throws(
      () => ckaIdOf(new Uint8Array(length)),
      (error) => error instanceof StatusError && error.status === ResponseStatus.InvalidEncoding,
    );
  }
});

Deno.test("freshKeyId() gives an id that is not taken", () => {
  const refused: string[] = [];
  const keyId = freshKeyId((id) => refused.length < 3 && refused.push(id.toHex()) > 0);
  assert.equal(refused.length, 3);
  assert.ok(!refused.includes(keyId.toHex()));
  assert.equal(keyId.length, 4);
});
