import assert from "node:assert/strict";
import { liveHandles } from "../runtime/handle.ts";
import { openLibcrypto } from "./library.ts";
import { MontgomeryCurve } from "./montgomery_curve.ts";
import { WeierstrassCurve } from "./weierstrass_curve.ts";

const library = openLibcrypto();

/** Orders of groups; all but the last have fewer bits than they have bytes for. */
const ORDERS: readonly (readonly [string, number, string])[] = [
  [
    "secp521r1",
    66,
    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa" +
    "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
  ],
  ["sect233k1", 30, "8000000000000000000000000000069d5bb915bcd46efb1ad5f173abdf"],
  ["prime256v1", 32, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"],
];

Deno.test("WeierstrassCurve.derivePrivate() is the number plus 1, below the order", async (t) => {
  for (const [name, fieldBytes, hex] of ORDERS) {
    await t.step(name, () => {
      using curve = WeierstrassCurve.open(library, name)!;
      const order = BigInt(`0x${hex}`);
      const { candidateBytes } = curve;
      assert.equal(candidateBytes, hex.length / 2);
      const derive = (number: bigint) => {
        const text = number.toString(16).padStart(2 * candidateBytes, "0");
        return curve.derivePrivate(Uint8Array.fromHex(text))?.toHex();
      };
      const key = (number: bigint) => number.toString(16).padStart(2 * fieldBytes, "0");
      assert.equal(derive(0n), key(1n));
      assert.equal(derive(0xffn), key(0x100n));
      assert.equal(derive(order - 2n), key(order - 1n));
      assert.equal(derive(order - 1n), undefined);
      assert.equal(derive(order), undefined);
      assert.equal(derive(2n ** BigInt(8 * candidateBytes) - 1n), undefined);
    });
  }
});

Deno.test("WeierstrassCurve.derivePrivate() drops the bits that the order doesn't have", () => {
  using curve = WeierstrassCurve.open(library, "secp521r1")!;
  const candidate = new Uint8Array(66).fill(0xff, 0, 1);
  const expected = new Uint8Array(66).with(0, 0x01).with(65, 1);
  assert.deepEqual(curve.derivePrivate(candidate), expected);
});

Deno.test("MontgomeryCurve.derivePrivate() sets the bits of RFC 7748, and takes any bytes", () => {
  for (
    const [name, length, lowest, highest] of [["X25519", 32, 0xf8, 0x7f], [
      "X448",
      56,
      0xfc,
      0xff,
    ]] as const
  ) {
    using curve = MontgomeryCurve.open(library, name)!;
    assert.equal(curve.candidateBytes, length);
    const key = curve.derivePrivate(new Uint8Array(length).fill(0xff));
    assert.deepEqual(
      key,
      new Uint8Array(length).fill(0xff).with(0, lowest).with(length - 1, highest),
    );
    assert.notEqual(curve.derivePrivate(new Uint8Array(length))?.at(-1), 0);
  }
});

Deno.test("the curve suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
