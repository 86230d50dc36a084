import assert from "node:assert/strict";
import { Hash, hashLength } from "../../src/psa/hash.ts";
import { digestInfo, HASH_ROWS, hashRow } from "./hashes.ts";

/** RFC 8017, section 9.2, note 1. */
const PREFIXES = new Map<Hash, string>([
  [Hash.Md5, "3020300c06082a864886f70d020505000410"],
  [Hash.Sha1, "3021300906052b0e03021a05000414"],
  [Hash.Sha224, "302d300d06096086480165030402040500041c"],
  [Hash.Sha256, "3031300d060960864801650304020105000420"],
  [Hash.Sha384, "3041300d060960864801650304020205000430"],
  [Hash.Sha512, "3051300d060960864801650304020305000440"],
  [Hash.Sha512_224, "302d300d06096086480165030402050500041c"],
  [Hash.Sha512_256, "3031300d060960864801650304020605000420"],
]);

Deno.test("digestInfo() is what PKCS#1 v1.5 signs", () => {
  for (const [hash, prefix] of PREFIXES) {
    const row = hashRow(hash);
    assert.ok(row);
    const digest = new Uint8Array(hashLength(hash)).fill(0xab);
    assert.equal(digestInfo(row, digest).toHex(), prefix + digest.toHex());
  }
});

Deno.test("digestInfo() says how long it is, for every hash", () => {
  for (const row of HASH_ROWS) {
    const info = digestInfo(row, new Uint8Array(hashLength(row.hash)));
    assert.equal(info[1], info.length - 2);
  }
});
