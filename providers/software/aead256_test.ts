import assert from "node:assert/strict";
import { runtimeAead } from "./aead256.ts";

/** McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B, test case 16. */
const VECTOR = {
  key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
  nonce: "cafebabefacedbaddecaf888",
  aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
  plaintext: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
  sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
    "76fc6ece0f4e1768cddf8853bb2d551b",
};

const key = Uint8Array.fromHex(VECTOR.key);
const nonce = Uint8Array.fromHex(VECTOR.nonce);
const aad = Uint8Array.fromHex(VECTOR.aad);

Deno.test("runtimeAead seals as the standard's test case does", () => {
  const plaintext = Uint8Array.fromHex(VECTOR.plaintext);
  assert.equal(runtimeAead.seal(key, nonce, aad, plaintext).toHex(), VECTOR.sealed);
  assert.equal(plaintext.toHex(), VECTOR.plaintext, "the caller's bytes stay");
});

Deno.test("runtimeAead opens what was sealed, and nothing that was changed", () => {
  const sealed = Uint8Array.fromHex(VECTOR.sealed);
  const opened = runtimeAead.open(key, nonce, aad, sealed);
  assert(opened && Uint8Array.from(opened).toHex() === VECTOR.plaintext);
  assert.equal(sealed.toHex(), VECTOR.sealed, "the caller's bytes stay");
  for (const part of [key, nonce, aad, sealed]) {
    for (let at = 0; at < part.length; at++) {
      part[at] = (part[at] ?? 0) ^ 0x80;
      assert.equal(runtimeAead.open(key, nonce, aad, sealed), undefined);
      part[at] = (part[at] ?? 0) ^ 0x80;
    }
  }
  for (const length of [0, 1, 15, 16, sealed.length - 1]) {
    assert.equal(runtimeAead.open(key, nonce, aad, sealed.subarray(0, length)), undefined);
  }
  assert.equal(runtimeAead.open(key, nonce.subarray(1), aad, sealed), undefined);
});

Deno.test("runtimeAead seals nothing at all too", () => {
  const sealed = runtimeAead.seal(key, nonce, aad, new Uint8Array());
  assert.equal(sealed.length, 16);
  assert.equal(runtimeAead.open(key, nonce, aad, sealed)?.length, 0);
});
