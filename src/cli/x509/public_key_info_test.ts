import { deepEqual, throws } from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { EccFamily, type KeyType } from "../../psa/key_type.ts";
import { CommandError } from "../exit_code.ts";
import { encodePublicKeyInfo, publicKeyInfo } from "./public_key_info.ts";

const EC: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };

Deno.test("publicKeyInfo() wraps an RSA key as other libraries do", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const pkcs1 = publicKey.export({ type: "pkcs1", format: "der" });
  const info = publicKeyInfo({ type: { kind: "rsa_key_pair" }, bits: 1024 }, pkcs1);
  deepEqual(encodePublicKeyInfo(info), bytes(publicKey.export({ type: "spki", format: "der" })));
});

Deno.test("publicKeyInfo() wraps points of named curves as other libraries do", async (t) => {
  for (const [bits, namedCurve] of [[256, "P-256"], [384, "P-384"]] as const) {
    await t.step(namedCurve, () => {
      const { publicKey } = generateKeyPairSync("ec", { namedCurve });
      const spki = bytes(publicKey.export({ type: "spki", format: "der" }));
      const point = spki.subarray(-(1 + 2 * Math.ceil(bits / 8)));
      deepEqual(encodePublicKeyInfo(publicKeyInfo({ type: EC, bits }, point)), spki);
    });
  }
});

Deno.test("publicKeyInfo() refuses keys that have no such form", async (t) => {
  const rows: readonly (readonly [KeyType, number])[] = [
    [EC, 255],
    [{ kind: "ecc_key_pair", family: EccFamily.Frp }, 256],
    [{ kind: "aes" }, 256],
  ];
  for (const [type, bits] of rows) {
    await t.step(`${type.kind} ${bits}`, () => {
      throws(() => publicKeyInfo({ type, bits }, new Uint8Array(65)), CommandError);
    });
  }
});

function bytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}
