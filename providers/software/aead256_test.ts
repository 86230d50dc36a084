import assert from "node:assert/strict";
import { openLibcrypto } from "../../ffi/libcrypto/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import { Aead256 } from "./aead256.ts";

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
const aad = Uint8Array.fromHex(VECTOR.aad);
const plaintext = Uint8Array.fromHex(VECTOR.plaintext);

Deno.test("open() opens the standard's test case, and nothing that was changed", () => {
  using aead = new Aead256(openLibcrypto());
  const secret = new Secret(key);
  const sealed = Uint8Array.fromHex(VECTOR.nonce + VECTOR.sealed);
  assert.equal(aead.open(secret, aad, sealed)?.toHex(), VECTOR.plaintext);
  assert.equal(sealed.toHex(), VECTOR.nonce + VECTOR.sealed, "the caller's bytes stay");
  for (const part of [key, aad, sealed]) {
    for (let at = 0; at < part.length; at++) {
      part[at] = (part[at] ?? 0) ^ 0x80;
      assert.equal(aead.open(secret, aad, sealed), undefined);
      part[at] = (part[at] ?? 0) ^ 0x80;
    }
  }
  for (const length of [0, 1, 12, 27, 28, sealed.length - 1]) {
    assert.equal(aead.open(secret, aad, sealed.subarray(0, length)), undefined);
  }
});

Deno.test("seal() gives what open() takes, under another nonce each time", () => {
  using aead = new Aead256(openLibcrypto());
  using secret = aead.makeKey();
  const seen = new Set<string>();
  for (const data of [plaintext, plaintext, new Uint8Array(), new Uint8Array(100_000).fill(1)]) {
    const before = data.toHex();
    const sealed = aead.seal(secret, aad, data);
    assert.equal(data.toHex(), before, "the caller's bytes stay");
    assert.equal(sealed.length, 12 + data.length + 16);
    assert.deepEqual(aead.open(secret, aad, sealed), new Uint8Array(data));
    seen.add(sealed.subarray(0, 12).toHex());
  }
  assert.equal(seen.size, 4);
});

Deno.test("makeKey() makes 32 bytes, never the same", () => {
  using aead = new Aead256(openLibcrypto());
  const keys = Array.from({ length: 20 }, () => {
    using secret = aead.makeKey();
    return secret.expose().toHex();
  });
  assert.equal(new Set(keys).size, 20);
  for (const each of keys) assert.equal(each.length, 64);
});

Deno.test("sealing leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
