import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Agreement } from "../../src/psa/algorithm.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { keyPairMaterial } from "../../tests/fakes/key_material.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { CURVE_ROWS } from "./algorithms.ts";

const { PsaErrorInvalidArgument, PsaErrorNotSupported } = ResponseStatus;
const pairOf = (family: EccFamily): KeyType => ({ kind: "ecc_key_pair", family });
const { SecpR1, SectK1, Montgomery } = EccFamily;

async function agree(
  provider: TestProvider,
  key: Key,
  peerKey: Uint8Array,
  agreement: Agreement = Agreement.Ecdh,
): Promise<Uint8Array> {
  const result = await provider.primitives.PsaRawKeyAgreement(key, {
    alg: { kind: "raw_key_agreement", agreement },
    privateKeyName: "key",
    peerKey,
  });
  return result.sharedSecret;
}

interface Known {
  readonly name: string;
  readonly family: EccFamily;
  readonly bits: number;
  readonly privateKey: string;
  readonly peerKey: string;
  readonly secret: string;
}

const KNOWN: readonly Known[] = [
  {
    name: "NIST CAVS 14.1, P-256, count 0",
    family: SecpR1,
    bits: 256,
    privateKey: "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
    peerKey: "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287" +
      "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
    secret: "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b",
  },
  {
    name: "RFC 7748, section 6.1, Bob",
    family: Montgomery,
    bits: 255,
    privateKey: "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
    peerKey: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    secret: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  },
  {
    name: "RFC 7748, section 6.2",
    family: Montgomery,
    bits: 448,
    privateKey: "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d" +
      "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
    peerKey: "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430" +
      "27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
    secret: "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b" +
      "b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d",
  },
];

Deno.test("PsaRawKeyAgreement gives the known secrets", async (t) => {
  await using provider = openTestProvider();
  for (const { name, family, bits, privateKey, peerKey, secret } of KNOWN) {
    await t.step(name, async () => {
      const data = Uint8Array.fromHex(privateKey);
      const key = await importedKey(provider, pairOf(family), bits, data);
      const found = await agree(provider, key, Uint8Array.fromHex(peerKey));
      assert.equal(found.toHex(), secret);
    });
  }
  await t.step("recorded from the upstream service", async () => {
    const { privateKey } = keyPairMaterial("p256");
    const key = await importedKey(provider, pairOf(SecpR1), 256, privateKey);
    const found = await agree(provider, key, keyPairMaterial("p256b").publicKey);
    const recorded = "91d720d9ac2c325d8534ea09e9d3882569180a24b8962772c891f7c24503e80f";
    assert.equal(found.toHex(), recorded);
  });
});

Deno.test("PsaRawKeyAgreement gives both sides one secret on each curve", async (t) => {
  await using provider = openTestProvider();
  for (const { family, bits, name } of CURVE_ROWS) {
    await t.step(JSON.stringify(name), async () => {
      const [a, b] = [
        await generatedKey(provider, pairOf(family), bits),
        await generatedKey(provider, pairOf(family), bits),
      ];
      const ours = await agree(provider, a, await provider.keys.exportPublicKey(b));
      const theirs = await agree(provider, b, await provider.keys.exportPublicKey(a));
      assert.equal(ours.length, Math.ceil((bits === 225 ? 224 : bits) / 8));
      assert.deepEqual(ours, theirs);
    });
  }
});

Deno.test("PsaRawKeyAgreement agrees with another library", async () => {
  await using provider = openTestProvider();
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const key = await generatedKey(provider, pairOf(Montgomery), 255);
  const own = spki.slice();
  own.set(await provider.keys.exportPublicKey(key), spki.length - 32);
  const theirs = diffieHellman({
    privateKey,
    publicKey: createPublicKey({ key: Buffer.from(own), format: "der", type: "spki" }),
  });
  const ours = await agree(provider, key, spki.subarray(-32));
  assert.deepEqual(ours, new Uint8Array(theirs));
});

Deno.test("PsaRawKeyAgreement refuses peers that are no sound key of the curve", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(SecpR1), 256);
  const { publicKey } = keyPairMaterial("p256b");
  const wrong: readonly (readonly [string, Key, Uint8Array])[] = [
    ["not on the curve", key, publicKey.with(64, (publicKey[64] ?? 0) ^ 1)],
    ["another curve", key, keyPairMaterial("p384").publicKey],
    ["another curve of the same size", key, keyPairMaterial("k256").publicKey],
    ["compressed", key, publicKey.subarray(0, 33).with(0, 2)],
    ["infinity", key, Uint8Array.of(0)],
    ["empty", key, new Uint8Array()],
    [
      "order 2",
      await generatedKey(provider, pairOf(SectK1), 163),
      new Uint8Array(43).with(0, 4).with(42, 1),
    ],
    ["X25519: 0", await generatedKey(provider, pairOf(Montgomery), 255), new Uint8Array(32)],
    [
      "X25519: 1",
      await generatedKey(provider, pairOf(Montgomery), 255),
      new Uint8Array(32).with(0, 1),
    ],
    [
      "X25519: a byte long",
      await generatedKey(provider, pairOf(Montgomery), 255),
      new Uint8Array(33).fill(9),
    ],
    ["X448: 0", await generatedKey(provider, pairOf(Montgomery), 448), new Uint8Array(56)],
  ];
  for (const [name, own, peer] of wrong) {
    await t.step(name, () => refused(PsaErrorInvalidArgument, () => agree(provider, own, peer)));
  }
});

Deno.test("PsaRawKeyAgreement keeps leading zeros of a secret", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(SecpR1), 256);
  // One secret in 256 starts with a zero: 10,000 tries all miss with a chance of 1e-17.
  for (let i = 0; i < 10_000; i++) {
    const peer = await generatedKey(provider, pairOf(SecpR1), 256);
    const secret = await agree(provider, key, await provider.keys.exportPublicKey(peer));
    assert.equal(secret.length, 32);
    if (secret[0] === 0) return;
  }
  throw new Error("No secret with a leading zero in 10,000");
});

Deno.test("PsaRawKeyAgreement refuses an agreement that is not the key's", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(SecpR1), 256);
  const { publicKey } = keyPairMaterial("p256b");
  await refused(PsaErrorNotSupported, () => agree(provider, key, publicKey, Agreement.Ffdh));
});

Deno.test("the key agreement suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
