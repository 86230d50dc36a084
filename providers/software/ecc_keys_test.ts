import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { keyPairMaterial } from "../../tests/fakes/key_material.ts";
import { OpensslCommand, writeEcPrivateKey } from "../../tests/fakes/openssl_command.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
  unmadeKey,
} from "../../tests/fakes/software_provider.ts";
import { CURVE_ROWS } from "./algorithms.ts";

const pairOf = (family: EccFamily): KeyType => ({ kind: "ecc_key_pair", family });
const publicOf = (family: EccFamily): KeyType => ({ kind: "ecc_public_key", family });
const { SecpR1, SecpK1, SectK1, BrainpoolPR1, Montgomery } = EccFamily;
const { PsaErrorInvalidArgument, PsaErrorNotSupported, PsaErrorDataCorrupt } = ResponseStatus;

Deno.test("generateKey() makes keys of each curve that go out and in again", async (t) => {
  await using provider = openTestProvider();
  for (const { family, bits, name } of CURVE_ROWS) {
    await t.step(JSON.stringify(name), async () => {
      // The order of secp224k1 is a bit longer than its field.
      const fieldBytes = Math.ceil((bits === 225 ? 224 : bits) / 8);
      const key = await generatedKey(provider, pairOf(family), bits);
      const privateKey = await provider.keys.exportKey(key);
      const publicKey = await provider.keys.exportPublicKey(key);
      assert.equal(privateKey.length, Math.ceil(bits / 8));
      assert.equal(publicKey.length, family === Montgomery ? fieldBytes : 2 * fieldBytes + 1);
      // The two have keys of the same length, so that a size must be given.
      const isAmbiguous = family === SectK1 && (bits === 233 || bits === 239);
      for (const size of isAmbiguous ? [bits] : [bits, 0]) {
        const again = await importedKey(provider, pairOf(family), size, privateKey);
        assert.equal(again.attributes.bits, bits);
        assert.deepEqual(await provider.keys.exportKey(again), privateKey);
        assert.deepEqual(await provider.keys.exportPublicKey(again), publicKey);
        const half = await importedKey(provider, publicOf(family), size, publicKey);
        assert.equal(half.attributes.bits, bits);
        assert.deepEqual(await provider.keys.exportPublicKey(half), publicKey);
        assert.deepEqual(await provider.keys.exportKey(half), publicKey);
      }
    });
  }
});

Deno.test("exportPublicKey() gives the public keys that belong to known private ones", async (t) => {
  await using provider = openTestProvider();
  const known: readonly (readonly [string, EccFamily, number])[] = [
    ["p224", SecpR1, 224],
    ["p256", SecpR1, 256],
    ["p256b", SecpR1, 256],
    ["p384", SecpR1, 384],
    ["p521", SecpR1, 521],
    ["k256", SecpK1, 256],
    ["bp256", BrainpoolPR1, 256],
  ];
  for (const [name, family, bits] of known) {
    await t.step(name, async () => {
      const { privateKey, publicKey } = keyPairMaterial(name);
      const key = await importedKey(provider, pairOf(family), bits, privateKey);
      assert.deepEqual(await provider.keys.exportPublicKey(key), publicKey);
    });
  }
});

Deno.test("exportPublicKey() agrees with the openssl command on every curve", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  for (const { family, bits, name } of CURVE_ROWS) {
    if (name.form === "montgomery") continue;
    await t.step(name.group, async () => {
      const key = await generatedKey(provider, pairOf(family), bits);
      writeEcPrivateKey(openssl, "key.der", name.group, await provider.keys.exportKey(key));
      openssl.must(
        ..."ec -inform DER -in key.der -pubout -outform DER -out pub.der".split(" "),
      );
      const publicKey = await provider.keys.exportPublicKey(key);
      assert.equal(openssl.read("pub.der").slice(-publicKey.length).toHex(), publicKey.toHex());
    });
  }
});

/** Orders: SEC 2 and RFC 5639. */
const P256_ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P521_ORDER = "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa" +
  "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409";
const SECP224K1_ORDER = "010000000000000000000000000001dce8d2ec6184caf0a971769fb1f7";

Deno.test("importKey() takes scalars from 1 to the order less 1 and no others", async (t) => {
  await using provider = openTestProvider();
  const scalar = (value: bigint, bytes: number) =>
    Uint8Array.fromHex(value.toString(16).padStart(2 * bytes, "0"));
  const rows = [
    [SecpR1, P256_ORDER, 256],
    [SecpR1, P521_ORDER, 521],
    [SecpK1, SECP224K1_ORDER, 225],
  ] as const;
  for (const [family, order, bits] of rows) {
    const bytes = Math.ceil(bits / 8);
    const n = BigInt(`0x${order}`);
    for (const value of [1n, n - 1n]) {
      await t.step(`${bits} bits, ${value === 1n ? "1" : "order - 1"}`, async () => {
        const data = scalar(value, bytes);
        const key = await importedKey(provider, pairOf(family), bits, data);
        assert.deepEqual(await provider.keys.exportKey(key), data);
      });
    }
    const wrong: readonly (readonly [string, Uint8Array])[] = [
      ["0", scalar(0n, bytes)],
      ["order", scalar(n, bytes)],
      ["order + 1", scalar(n + 1n, bytes)],
      ["all ones", new Uint8Array(bytes).fill(0xff)],
      ["a byte short", scalar(5n, bytes - 1)],
      ["a byte long", scalar(5n, bytes + 1)],
    ];
    for (const [name, data] of wrong) {
      await t.step(`${bits} bits, ${name}`, async () => {
        await refused(
          PsaErrorInvalidArgument,
          () => importedKey(provider, pairOf(family), bits, data),
        );
      });
    }
  }
});

Deno.test("importKey() refuses what is no uncompressed point of the curve", async (t) => {
  await using provider = openTestProvider();
  const { publicKey } = keyPairMaterial("p256");
  const x = publicKey.subarray(1, 33);
  const y = publicKey.subarray(33);
  const odd = (y[31] ?? 0) & 1;
  const wrong: readonly (readonly [string, number, Uint8Array])[] = [
    ["not on the curve", 256, publicKey.with(64, (publicKey[64] ?? 0) ^ 1)],
    ["compressed", 256, Uint8Array.of(2 + odd, ...x)],
    ["compressed, size unknown", 0, Uint8Array.of(2 + odd, ...x)],
    ["hybrid", 256, Uint8Array.of(6 + odd, ...x, ...y)],
    ["infinity", 256, Uint8Array.of(0)],
    ["zeros", 256, new Uint8Array(65)],
    ["zero coordinates", 256, new Uint8Array(65).with(0, 4)],
    ["coordinates beyond the field", 256, new Uint8Array(65).fill(0xff).with(0, 4)],
    ["truncated", 256, publicKey.subarray(0, 64)],
    ["a byte long", 256, Uint8Array.of(...publicKey, 0)],
    ["another size", 384, publicKey],
    ["no size fits", 0, publicKey.subarray(0, 40)],
    ["empty", 0, new Uint8Array()],
  ];
  for (const [name, bits, data] of wrong) {
    await t.step(name, () =>
      refused(
        PsaErrorInvalidArgument,
        () => importedKey(provider, publicOf(SecpR1), bits, data),
      ));
  }
  await t.step("a point of another curve of the same size", () =>
    refused(
      PsaErrorInvalidArgument,
      () => importedKey(provider, publicOf(SecpK1), 256, publicKey),
    ));
});

Deno.test("importKey() wants the size where the length of the data does not tell the curve", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(SectK1), 233);
  const data = await provider.keys.exportKey(key);
  await refused(PsaErrorInvalidArgument, () => importedKey(provider, pairOf(SectK1), 0, data));
});

Deno.test("importKey() refuses a point outside of the subgroup", async () => {
  await using provider = openTestProvider();
  // (0, 1) is on sect163k1 (y² + xy = x³ + x² + 1) and has order 2.
  const point = new Uint8Array(43).with(0, 4).with(42, 1);
  await refused(
    PsaErrorInvalidArgument,
    () => importedKey(provider, publicOf(SectK1), 163, point),
  );
});

Deno.test("Montgomery private keys are kept with the fixed bits of RFC 7748", async (t) => {
  await using provider = openTestProvider();
  await t.step("X25519", async () => {
    const data = new Uint8Array(32).fill(0xff);
    const key = await importedKey(provider, pairOf(Montgomery), 255, data);
    assert.deepEqual(await provider.keys.exportKey(key), data.with(0, 0xf8).with(31, 0x7f));
    const zeros = await importedKey(provider, pairOf(Montgomery), 0, new Uint8Array(32));
    assert.deepEqual(
      await provider.keys.exportKey(zeros),
      new Uint8Array(32).with(31, 0x40),
    );
  });
  await t.step("X448", async () => {
    const key = await importedKey(provider, pairOf(Montgomery), 0, new Uint8Array(56).fill(0x7f));
    const expected = new Uint8Array(56).fill(0x7f).with(0, 0x7c).with(55, 0xff);
    assert.deepEqual(await provider.keys.exportKey(key), expected);
  });
  await t.step("another length is refused", () =>
    refused(
      PsaErrorInvalidArgument,
      () => importedKey(provider, pairOf(Montgomery), 255, new Uint8Array(31).fill(1)),
    ));
});

Deno.test("curves that are not served are not supported", async (t) => {
  await using provider = openTestProvider();
  const absent: readonly (readonly [EccFamily, number])[] = [
    [SecpK1, 224],
    [EccFamily.SecpR2, 160],
    [EccFamily.Frp, 256],
  ];
  for (const [family, bits] of absent) {
    await t.step(`family ${family}, ${bits} bits`, async () => {
      assert.equal(provider.registry.keySupport(pairOf(family), bits), undefined);
      await refused(
        PsaErrorNotSupported,
        async () => await provider.keys.generateKey(unmadeKey(pairOf(family), bits)),
      );
    });
  }
});

Deno.test("a stored key that is none is reported as corrupt", async () => {
  const { MemoryKeyMaterialStore } = await import("../../tests/fakes/memory_key_material_store.ts");
  const store = new MemoryKeyMaterialStore();
  await using provider = openTestProvider(store);
  const key = unmadeKey(publicOf(SecpR1), 256);
  store.put(key, new Uint8Array(65));
  await refused(PsaErrorDataCorrupt, () =>
    provider.primitives.PsaVerifyHash(key, {
      keyName: "key",
      alg: { kind: "ecdsa_any" },
      hash: new Uint8Array(32),
      signature: new Uint8Array(64),
    }));
});

Deno.test("the elliptic curve key suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
