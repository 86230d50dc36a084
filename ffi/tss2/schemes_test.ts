import assert from "node:assert/strict";
import { TPM2_ALG } from "./constants.ts";
import { readSignature, schemeWire, signatureWire, type TpmSignature } from "./schemes.ts";

Deno.test("schemeWire() writes a scheme with its hash, alone, or TPM_ALG_NULL", () => {
  const { ECDSA, RSAES, SHA256 } = TPM2_ALG;
  assert.equal(schemeWire({ scheme: ECDSA, hash: SHA256 }).toHex(), "0018000b");
  assert.equal(schemeWire({ scheme: RSAES }).toHex(), "0015");
  assert.equal(schemeWire(undefined).toHex(), "0010");
});

const SIGNATURES: readonly (readonly [TpmSignature, string])[] = [
  [
    {
      kind: "rsa",
      scheme: { scheme: TPM2_ALG.RSAPSS, hash: TPM2_ALG.SHA512 },
      signature: Uint8Array.of(1, 2),
    },
    "0016000d" + "00020102",
  ],
  [
    {
      kind: "ecdsa",
      scheme: { scheme: TPM2_ALG.ECDSA, hash: TPM2_ALG.SHA1 },
      r: Uint8Array.of(3),
      s: Uint8Array.of(4, 5),
    },
    "00180004" + "000103" + "00020405",
  ],
];

Deno.test("signatureWire() and readSignature() follow the specification, both ways", () => {
  for (const [signature, hex] of SIGNATURES) {
    assert.equal(signatureWire(signature).toHex(), hex);
    assert.deepEqual(readSignature(Uint8Array.fromHex(hex)), signature);
  }
});

Deno.test("readSignature() refuses other algorithms and what is cut", () => {
  assert.throws(() => readSignature(Uint8Array.fromHex("0005000b0000")), RangeError);
  assert.throws(() => readSignature(Uint8Array.fromHex("0018000b000103")), RangeError);
});
