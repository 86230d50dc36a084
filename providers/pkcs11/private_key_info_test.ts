import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { EccFamily } from "../../src/psa/key_type.ts";
import { curveRow } from "./curves.ts";
import {
  ecPrivateKeyInfo,
  readEcPrivateKeyInfo,
  readRsaPrivateKeyInfo,
  rsaPrivateKeyInfo,
} from "./private_key_info.ts";

Deno.test("rsaPrivateKeyInfo() is read by others, and reads what they write", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pkcs1 = new Uint8Array(privateKey.export({ type: "pkcs1", format: "der" }));
  const pkcs8 = new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" }));
  assert.equal(rsaPrivateKeyInfo(pkcs1).toHex(), pkcs8.toHex());
  assert.equal(readRsaPrivateKeyInfo(pkcs8).toHex(), pkcs1.toHex());
});

Deno.test("ecPrivateKeyInfo() is read by others, and reads what they write", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { d = "", x = "", y = "" } = privateKey.export({ format: "jwk" });
  const number = (text: string) => new Uint8Array(Buffer.from(text, "base64url"));
  const scalar = number(d);
  const point = Uint8Array.of(4, ...number(x), ...number(y));
  const row = curveRow(EccFamily.SecpR1, 256);
  assert.ok(row);
  const info = ecPrivateKeyInfo(row, scalar, point);
  const read = createPrivateKey({ key: Buffer.from(info), format: "der", type: "pkcs8" });
  assert.deepEqual(
    createPublicKey(read).export({ format: "jwk" }),
    createPublicKey(privateKey).export({ format: "jwk" }),
  );
  const theirs = new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" }));
  assert.equal(readEcPrivateKeyInfo(theirs).toHex(), scalar.toHex());
});

Deno.test("readRsaPrivateKeyInfo() refuses what is cut off or something else", () => {
  const info = rsaPrivateKeyInfo(new Uint8Array(300));
  for (const length of [0, 1, 2, 5, 20, 100, info.length - 1]) {
    assert.throws(() => readRsaPrivateKeyInfo(info.subarray(0, length)), RangeError, `${length}`);
  }
  assert.throws(() => readEcPrivateKeyInfo(info), RangeError);
  const other = info.slice();
  other[0] = 0x31;
  assert.throws(() => readRsaPrivateKeyInfo(other), RangeError);
});
