import assert from "node:assert/strict";
import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from "node:crypto";
import { Digest } from "./digest.ts";
import { openLibcrypto } from "./library.ts";
import { removeOaepPadding } from "./oaep.ts";

const library = openLibcrypto();
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const plaintext = new TextEncoder().encode("attack at dawn");
const label = new TextEncoder().encode("label");

/** What a device that knows nothing of padding gives for a ciphertext. */
function encodedFor(oaepLabel: Uint8Array): Uint8Array {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const ciphertext = publicEncrypt(
    { key: publicKey, padding, oaepHash: "sha256", oaepLabel },
    plaintext,
  );
  const raw = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, ciphertext);
  return new Uint8Array(raw);
}

Deno.test("removeOaepPadding() gives the plaintext, with and without a label", () => {
  using digest = Digest.fetch(library, "SHA2-256");
  assert.ok(digest);
  for (const each of [label, new Uint8Array()]) {
    const found = removeOaepPadding(library, encodedFor(each), digest, each);
    assert.deepEqual(found && [...found], [...plaintext]);
  }
});

Deno.test("removeOaepPadding() refuses another label, another hash and changed bytes", () => {
  using digest = Digest.fetch(library, "SHA2-256");
  using other = Digest.fetch(library, "SHA1");
  assert.ok(digest && other);
  const encoded = encodedFor(label);
  assert.equal(removeOaepPadding(library, encoded, digest, new Uint8Array()), undefined);
  assert.equal(removeOaepPadding(library, encoded, other, label), undefined);
  for (const at of [0, 1, 40, encoded.length - 1]) {
    const changed = encoded.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(removeOaepPadding(library, changed, digest, label), undefined, `byte ${at}`);
  }
});
