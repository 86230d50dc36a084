import assert from "node:assert/strict";
import { seal, unseal, wrap } from "./sealing.ts";

const KEY = new Uint8Array(32).fill(7);
const CONTEXT = new TextEncoder().encode("whose it is");
const SECRET = new TextEncoder().encode("an auth value");

Deno.test("unseal() gives what seal() was given, for the same context and key alone", () => {
  const sealed = seal(KEY, CONTEXT, SECRET);
  assert.equal(sealed.length, 12 + SECRET.length + 16);
  assert.deepEqual(unseal(KEY, CONTEXT, sealed), new Uint8Array(SECRET));
  assert.equal(unseal(KEY, SECRET, sealed), undefined);
  assert.equal(unseal(new Uint8Array(32), CONTEXT, sealed), undefined);
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(unseal(KEY, CONTEXT, changed), undefined, `byte ${at}`);
  }
  for (const length of [0, 27, sealed.length - 1]) {
    assert.equal(unseal(KEY, CONTEXT, sealed.subarray(0, length)), undefined, `${length} bytes`);
  }
});

Deno.test("seal() never gives the same twice, and an empty secret is sealed too", () => {
  assert.notDeepEqual(seal(KEY, CONTEXT, SECRET), seal(KEY, CONTEXT, SECRET));
  const nothing = new Uint8Array();
  assert.deepEqual(unseal(KEY, CONTEXT, seal(KEY, CONTEXT, nothing)), nothing);
});

Deno.test("wrap() is CFB of AES-128 (NIST SP 800-38A, F.3.13), from a zero vector", async () => {
  const key = Uint8Array.fromHex("2b7e151628aed2a6abf7158809cf4f3c");
  const iv = Uint8Array.fromHex("000102030405060708090a0b0c0d0e0f");
  const plaintext = Uint8Array.fromHex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
  );
  const ciphertext = "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b" +
    "26751f67a3cbb140b1808cf187a4f4dfc04b05357c5d1c0eeac4c66f9ff7f2e6";
  // A first block that the cipher makes into the vector: what follows is as if from that vector.
  const first = xor(iv, await encryptBlock(key, new Uint8Array(16)));
  const wrapped = wrap(key, Uint8Array.of(...first, ...plaintext));
  assert.equal(wrapped.subarray(0, 16).toHex(), iv.toHex());
  assert.equal(wrapped.subarray(16).toHex(), ciphertext);
  const cut = wrap(key, Uint8Array.of(...first, ...plaintext.subarray(0, 21)));
  assert.equal(cut.subarray(16).toHex(), ciphertext.slice(0, 42));
});

async function encryptBlock(key: Uint8Array<ArrayBuffer>, block: Uint8Array<ArrayBuffer>) {
  const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt"]);
  const iv = new Uint8Array(16);
  const padded = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, imported, block);
  return new Uint8Array(padded).subarray(0, 16);
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0));
}
