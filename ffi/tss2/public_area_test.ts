import assert from "node:assert/strict";
import { TPM2_ALG, TPM2_ECC } from "./constants.ts";
import {
  decodePublicArea,
  encodePublicArea,
  encodePublicParms,
  type PublicArea,
} from "./public_area.ts";

const NOTHING = new Uint8Array();
const COMMON = { nameAlg: TPM2_ALG.SHA256, attributes: 0x0003_0472, authPolicy: NOTHING };
const AES_CFB = { algorithm: TPM2_ALG.AES, bits: 128, mode: TPM2_ALG.CFB };

/** Bytes from the tables of TPM 2.0 Library, part 2, section 12.2. */
const ROWS: readonly {
  readonly name: string;
  readonly area: PublicArea;
  readonly hex: string;
  readonly parms: string;
}[] = [
  {
    name: "an elliptic storage key",
    area: {
      type: "ecc",
      ...COMMON,
      symmetric: AES_CFB,
      scheme: undefined,
      curve: TPM2_ECC.NIST_P256,
      x: Uint8Array.of(1),
      y: Uint8Array.of(2, 3),
    },
    hex: "0023000b00030472" + "0000" + "000600800043" + "0010" + "0003" + "0010" + "000101" +
      "00020203",
    parms: "0023" + "000600800043" + "0010" + "0003" + "0010",
  },
  {
    name: "an RSA signing key with a policy",
    area: {
      type: "rsa",
      ...COMMON,
      authPolicy: Uint8Array.of(0xaa, 0xbb),
      symmetric: undefined,
      scheme: { scheme: TPM2_ALG.RSASSA, hash: TPM2_ALG.SHA384 },
      bits: 3072,
      exponent: 3,
      modulus: Uint8Array.of(9),
    },
    hex: "0001000b00030472" + "0002aabb" + "0010" + "0014000c" + "0c00" + "00000003" + "000109",
    parms: "0001" + "0010" + "0014000c" + "0c00" + "00000003",
  },
  {
    name: "an RSA key for RSAES, a scheme without a hash",
    area: {
      type: "rsa",
      ...COMMON,
      symmetric: undefined,
      scheme: { scheme: TPM2_ALG.RSAES },
      bits: 2048,
      exponent: 0,
      modulus: NOTHING,
    },
    hex: "0001000b00030472" + "0000" + "0010" + "0015" + "0800" + "00000000" + "0000",
    parms: "0001" + "0010" + "0015" + "0800" + "00000000",
  },
  {
    name: "an HMAC key",
    area: {
      type: "keyedhash",
      ...COMMON,
      scheme: { scheme: TPM2_ALG.HMAC, hash: TPM2_ALG.SHA256 },
      unique: Uint8Array.of(5),
    },
    hex: "0008000b00030472" + "0000" + "0005000b" + "000105",
    parms: "0008" + "0005000b",
  },
  {
    name: "sealed data",
    area: { type: "keyedhash", ...COMMON, scheme: undefined, unique: NOTHING },
    hex: "0008000b00030472" + "0000" + "0010" + "0000",
    parms: "0008" + "0010",
  },
  {
    name: "an AES key",
    area: { type: "symcipher", ...COMMON, symmetric: AES_CFB, unique: NOTHING },
    hex: "0025000b00030472" + "0000" + "000600800043" + "0000",
    parms: "0025" + "000600800043",
  },
];

Deno.test("encodePublicArea() and decodePublicArea() follow the specification, both ways", async (t) => {
  for (const { name, area, hex, parms } of ROWS) {
    await t.step(name, () => {
      assert.equal(encodePublicArea(area).toHex(), hex);
      assert.deepEqual(decodePublicArea(Uint8Array.fromHex(hex)), area);
      assert.equal(encodePublicParms(area).toHex(), parms);
    });
  }
});

Deno.test("decodePublicArea() refuses what is cut, has more after it, or is of another type", () => {
  for (const { hex } of ROWS) {
    const bytes = Uint8Array.fromHex(hex);
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => decodePublicArea(bytes.subarray(0, length)), RangeError);
    }
    assert.throws(() => decodePublicArea(Uint8Array.of(...bytes, 0)), RangeError);
    bytes[1] = 0x77;
    assert.throws(() => decodePublicArea(bytes), RangeError);
  }
});
