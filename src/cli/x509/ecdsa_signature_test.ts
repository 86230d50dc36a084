import { equal, throws } from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { ecdsaSignatureToDer } from "./ecdsa_signature.ts";

const ROWS: readonly (readonly [title: string, raw: string, der: string])[] = [
  ["leaves out zeros in front", "0001" + "0002", "3006020101020102"],
  ["keeps numbers positive", "80ff" + "007f", "3008020300 80ff 02017f".replaceAll(" ", "")],
  ["has a zero byte for zero", "0000" + "0000", "3006020100020100"],
  ["takes more than 127 bytes", "01".repeat(132), `308188${`0242${"01".repeat(66)}`.repeat(2)}`],
];

for (const [title, raw, der] of ROWS) {
  Deno.test(`ecdsaSignatureToDer() ${title}`, () => {
    equal(ecdsaSignatureToDer(Uint8Array.fromHex(raw)).toHex(), der);
  });
}

Deno.test("ecdsaSignatureToDer() refuses what is not two numbers", async (t) => {
  for (const length of [0, 1, 63]) {
    await t.step(`${length} bytes`, () => {
      throws(() => ecdsaSignatureToDer(new Uint8Array(length)), RangeError);
    });
  }
});

Deno.test("ecdsaSignatureToDer() makes what another library verifies", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const message = Uint8Array.of(1, 2, 3);
  for (let round = 0; round < 40; round++) { // some have leading zeros, some a high bit
    const raw = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
    const key = { key: createPublicKey(privateKey), dsaEncoding: "der" } as const;
    equal(verify("sha256", message, key, ecdsaSignatureToDer(raw)), true);
  }
});
