import assert from "node:assert/strict";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import {
  type AdoptedKeyId,
  isAdopted,
  nameTemplate,
  publicClassOf,
  readAdoptedKeyId,
  staysOnToken,
  writeAdoptedKeyId,
} from "./adopted_key_id.ts";
import { ckaIdOf, keyIdOf } from "./key_id.ts";

const bytes = (hex: string) => Uint8Array.fromHex(hex);
const PAIR: AdoptedKeyId = {
  deleteWithKey: false,
  objects: [
    { keyClass: "PRIVATE_KEY", id: bytes("0102030405"), label: bytes("") },
    { keyClass: "PUBLIC_KEY", id: bytes("0102030405"), label: bytes("c3a9") },
  ],
};
const SECRET: AdoptedKeyId = {
  deleteWithKey: true,
  objects: [{ keyClass: "SECRET_KEY", id: bytes(""), label: new Uint8Array(300).fill(0x61) }],
};
/** The form that stores hold: it must not change. */
const PAIR_BYTES = "0100" + "03" + "05000102030405" + "0000" + "02" + "05000102030405" + "0200c3a9";

const hexOf = ({ deleteWithKey, objects }: AdoptedKeyId) => ({
  deleteWithKey,
  objects: objects.map(({ keyClass, id, label }) => [keyClass, id.toHex(), label.toHex()]),
});

const unreadable = (error: unknown) =>
  error instanceof StatusError && error.status === ResponseStatus.InvalidEncoding;

Deno.test("writeAdoptedKeyId() and readAdoptedKeyId() go both ways", () => {
  assert.equal(writeAdoptedKeyId(PAIR).toHex(), PAIR_BYTES);
  for (const key of [PAIR, SECRET]) {
    const keyId = writeAdoptedKeyId(key);
    assert.deepEqual(hexOf(readAdoptedKeyId(keyId)), hexOf(key));
    assert.equal(isAdopted(keyId), true);
    assert.equal(staysOnToken(keyId), !key.deleteWithKey);
  }
});

Deno.test("the ids of keys that the provider makes and of those it adopts are never taken for each other", () => {
  const own = keyIdOf(0x01020304);
  assert.equal(isAdopted(own), false);
  assert.equal(staysOnToken(own), false);
  assert.throws(() => ckaIdOf(writeAdoptedKeyId(PAIR)), unreadable);
  assert.throws(() => readAdoptedKeyId(own), unreadable);
});

Deno.test("readAdoptedKeyId() refuses what is cut off, of another form, or without a name", async (t) => {
  const cases = [
    ...Array.from({ length: PAIR_BYTES.length / 2 }, (_, i) => PAIR_BYTES.slice(0, i * 2)),
    PAIR_BYTES + "00",
    "02" + PAIR_BYTES.slice(2),
    "0102" + PAIR_BYTES.slice(4),
    "0100" + "01" + "010001" + "0000", // a certificate
    "0101" + "03" + "0000" + "0000", // any private key
  ].filter((hex) => hex !== PAIR_BYTES.slice(0, 2 * 12)); // the private key alone
  for (const hex of cases) {
    await t.step(hex || "nothing", () => {
      assert.throws(() => readAdoptedKeyId(bytes(hex)), unreadable);
    });
  }
});

Deno.test("publicClassOf() is the private key where no other object tells the public half", () => {
  const [privateKey] = PAIR.objects;
  const alone = writeAdoptedKeyId({ ...PAIR, objects: [privateKey!] });
  assert.deepEqual(
    [keyIdOf(1), writeAdoptedKeyId(PAIR), alone].map(publicClassOf),
    ["PUBLIC_KEY", "PUBLIC_KEY", "PRIVATE_KEY"],
  );
});

Deno.test("nameTemplate() names an object by what it has", () => {
  const named = nameTemplate({ keyClass: "SECRET_KEY", id: bytes("01"), label: bytes("61") });
  assert.equal(named.length, 4);
  assert.equal(nameTemplate({ ...SECRET.objects[0]!, label: bytes("61") }).length, 3);
});
