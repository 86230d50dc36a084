import assert from "node:assert/strict";
import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from "node:crypto";
import { Hash } from "../../src/psa/hash.ts";
import { HostCrypto } from "./host_crypto.ts";
import { oaepDecode, oaepEncode, type OaepForm, oaepRoom } from "./rsa_oaep.ts";

const LABEL = new TextEncoder().encode("a label");
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
const RAW = { padding: constants.RSA_NO_PADDING } as const;

/** Another implementation, of the whole scheme. */
function oaep(hash: string) {
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash, oaepLabel: LABEL };
}

function form(host: HostCrypto, hash: Hash): OaepForm {
  return { digest: host.digest(hash), label: LABEL, length: 128 };
}

const HASHES = [[Hash.Sha1, "sha1"], [Hash.Sha256, "sha256"], [Hash.Sha384, "sha384"]] as const;

Deno.test("oaepEncode() and oaepDecode() are understood by others, at every length", async (t) => {
  using host = new HostCrypto();
  for (const [hash, name] of HASHES) {
    await t.step(name, () => {
      const about = form(host, hash);
      const room = oaepRoom(about);
      for (const length of [0, 1, room - 1, room]) {
        const message = crypto.getRandomValues(new Uint8Array(length));
        const raw = publicEncrypt({ key: publicKey, ...RAW }, oaepEncode(about, message));
        const opened = privateDecrypt({ key: privateKey, ...oaep(name) }, raw);
        assert.equal(new Uint8Array(opened).toHex(), message.toHex());

        const theirs = publicEncrypt({ key: publicKey, ...oaep(name) }, message);
        const block = new Uint8Array(privateDecrypt({ key: privateKey, ...RAW }, theirs));
        assert.equal(oaepDecode(about, block)?.toHex(), message.toHex());
        assert.ok(block.every((byte) => byte === 0), "the block is wiped");
      }
    });
  }
});

Deno.test("oaepDecode() gives nothing for any changed byte, another label or another hash", () => {
  using host = new HostCrypto();
  const about = form(host, Hash.Sha256);
  const encoded = oaepEncode(about, Uint8Array.of(1, 2, 3));
  for (let at = 0; at < encoded.length; at++) {
    const changed = encoded.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x80;
    const opened = oaepDecode(about, changed);
    // Within the message itself a change is not noticed: it is no authentication.
    assert.notEqual(opened?.toHex(), "010203", `byte ${at}`);
    if (at < encoded.length - 3) assert.equal(opened, undefined, `byte ${at}`);
  }
  assert.equal(oaepDecode({ ...about, label: LABEL.subarray(1) }, encoded.slice()), undefined);
  assert.equal(oaepDecode(form(host, Hash.Sha1), encoded.slice()), undefined);
});

Deno.test("oaepDecode() gives nothing where no one ends the padding, or something else than zeros is in it", () => {
  using host = new HostCrypto();
  const about = form(host, Hash.Sha256);
  // A message block: hash of the label, padding, a one, the message; masked by what oaepEncode masks it with.
  const reference = oaepEncode(about, new Uint8Array(oaepRoom(about)));
  assert.equal(oaepDecode(about, reference.slice())?.length, oaepRoom(about));
  for (const first of [0, 2, 0xff]) {
    // The byte before the message is the one: any other is not.
    const changed = reference.slice();
    const at = 1 + 32 + 32;
    changed[at] = (changed[at] ?? 0) ^ 1 ^ first;
    assert.equal(oaepDecode(about, changed), undefined, `${first}`);
  }
});
