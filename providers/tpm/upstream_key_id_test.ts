import assert from "node:assert/strict";
import { decodePublicArea, TPM2_ALG, TPM2_ECC } from "../../ffi/tss2/mod.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, usageFlags } from "../../src/psa/usage_flags.ts";
import { ResponseStatus } from "../../src/status.ts";
import { SMALL_TPM } from "../../tests/fakes/small_tpm.ts";
import { TpmRegistry } from "./registry.ts";
import { decodeUpstreamKeyId } from "./upstream_key_id.ts";

const P256: KeyAttributes = {
  type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
  bits: 256,
  policy: {
    usageFlags: usageFlags(...USAGE_FLAGS),
    permittedAlgorithm: { kind: "ecdsa", hash: Hash.Sha256 },
  },
};
const { PsaErrorDataCorrupt, PsaErrorNotSupported } = ResponseStatus;
const registry = new TpmRegistry(SMALL_TPM);

/** A length in eight bytes, little-endian, then as many bytes of this value. */
function bytes(length: number, value: number): string {
  const size = new Uint8Array(new BigUint64Array([BigInt(length)]).buffer).toHex();
  return size + value.toString(16).padStart(2, "0").repeat(length);
}

const NO_CONTEXT = "00".repeat(24);
const COORDINATES = bytes(32, 1) + bytes(31, 2);

function idOf({ context = NO_CONTEXT, authLength = 32, variant = "01000000" } = {}) {
  const hex = context + bytes(authLength, 0xaa) + variant + COORDINATES + bytes(126, 0xbb);
  return Uint8Array.fromHex(hex);
}

Deno.test("decodeUpstreamKeyId() reads a PasswordContext, and knows what upstream made of the rest", () => {
  const { auth, wrapped, publicArea } = decodeUpstreamKeyId(idOf(), P256, registry);
  assert.equal(auth.toHex(), "aa".repeat(32));
  assert.equal(wrapped.toHex(), "bb".repeat(126));
  const area = decodePublicArea(publicArea);
  assert.ok(area.type === "ecc");
  assert.equal(area.curve, TPM2_ECC.NIST_P256);
  assert.equal(area.attributes, 0x0004_0072);
  assert.deepEqual(area.scheme, { scheme: TPM2_ALG.ECDSA, hash: TPM2_ALG.SHA256 });
  assert.equal(area.x.toHex(), "01".repeat(32));
  assert.equal(area.y.toHex(), "02".repeat(31), "as upstream's TPM gave it");
});

Deno.test("decodeUpstreamKeyId() refuses what is damaged", async (t) => {
  const id = idOf();
  const rows: Record<string, Uint8Array> = {
    "an auth value that no TPM takes": idOf({ authLength: 33 }),
    "another variant": idOf({ variant: "02000000" }),
    "the variant of RSA": idOf({ variant: "00000000" }),
    "nothing": new Uint8Array(),
  };
  for (const [name, damaged] of Object.entries(rows)) {
    await t.step(name, () => {
      assert.throws(() => decodeUpstreamKeyId(damaged, P256, registry), {
        status: PsaErrorDataCorrupt,
      });
    });
  }
  await t.step("cut anywhere", () => {
    for (let length = 0; length < id.length; length++) {
      assert.throws(() => decodeUpstreamKeyId(id.subarray(0, length), P256, registry), {
        status: PsaErrorDataCorrupt,
      });
    }
  });
});

Deno.test("decodeUpstreamKeyId() says that a saved context is of no use", () => {
  const context = "00".repeat(16) + bytes(40, 0xcc);
  const id = Uint8Array.fromHex(context + bytes(32, 0xaa));
  assert.throws(() => decodeUpstreamKeyId(id, P256, registry), { status: PsaErrorNotSupported });
});
