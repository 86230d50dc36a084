import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { DhFamily, EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { MemoryKeyMaterialStore } from "../../tests/fakes/memory_key_material_store.ts";
import {
  generatedKey,
  HAS_LEGACY_PROVIDER,
  importedKey,
  openTestProvider,
  refused,
  unmadeKey,
} from "../../tests/fakes/software_provider.ts";

const { PsaErrorDoesNotExist, PsaErrorInvalidArgument } = ResponseStatus;

interface Row {
  readonly type: KeyType;
  readonly sizes: readonly number[];
}

const SYMMETRIC: readonly Row[] = [
  { type: { kind: "raw_data" }, sizes: [8, 128, 65_528] },
  { type: { kind: "hmac" }, sizes: [8, 256, 4096] },
  { type: { kind: "derive" }, sizes: [8, 120] },
  { type: { kind: "aes" }, sizes: [128, 192, 256] },
  { type: { kind: "camellia" }, sizes: [128, 192, 256] },
  { type: { kind: "des" }, sizes: [128, 192] },
  { type: { kind: "chacha20" }, sizes: [256] },
];

Deno.test("symmetric keys are made, exported and imported as bytes", async (t) => {
  await using provider = openTestProvider();
  for (const { type, sizes } of SYMMETRIC) {
    for (const bits of sizes) {
      await t.step(`${type.kind}, ${bits} bits`, async () => {
        const support = provider.registry.keySupport(type, bits);
        assert.ok(support?.generate && support.import);
        const key = await generatedKey(provider, type, bits);
        const data = await provider.keys.exportKey(key);
        assert.equal(data.length, bits / 8);
        for (const size of [bits, 0]) {
          const again = await importedKey(provider, type, size, data);
          assert.equal(again.attributes.bits, bits);
          assert.deepEqual(await provider.keys.exportKey(again), data);
        }
        await refused(PsaErrorInvalidArgument, () => provider.keys.exportPublicKey(key));
      });
    }
  }
});

Deno.test("two keys are not the same, and a long one uses every value", async () => {
  await using provider = openTestProvider();
  const make = async () => {
    const key = await generatedKey(provider, { kind: "raw_data" }, 65_528);
    return await provider.keys.exportKey(key);
  };
  const [first, second] = [await make(), await make()];
  assert.notDeepEqual(first, second);
  assert.equal(new Set(first).size, 256);
});

Deno.test("each byte of a DES key has an odd number of ones", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, { kind: "des" }, 192);
  for (const byte of await provider.keys.exportKey(key)) {
    const ones = [...byte.toString(2)].filter((bit) => bit === "1").length;
    assert.equal(ones % 2, 1, `${byte}`);
  }
});

Deno.test("importKey() refuses symmetric keys of a wrong size", async (t) => {
  await using provider = openTestProvider();
  const rows: readonly (readonly [KeyType, number, number])[] = [
    [{ kind: "aes" }, 128, 15],
    [{ kind: "aes" }, 256, 16],
    [{ kind: "aes" }, 0, 17],
    [{ kind: "camellia" }, 0, 40],
    [{ kind: "chacha20" }, 0, 16],
    [{ kind: "raw_data" }, 0, 0],
    [{ kind: "raw_data" }, 0, 8192],
    [{ kind: "hmac" }, 64, 16],
  ];
  for (const [type, bits, length] of rows) {
    await t.step(`${type.kind}, ${bits} bits, ${length} bytes`, () =>
      refused(
        PsaErrorInvalidArgument,
        () => importedKey(provider, type, bits, new Uint8Array(length)),
      ));
  }
});

Deno.test("a destroyed key is gone, and may be destroyed again", async () => {
  const store = new MemoryKeyMaterialStore();
  await using provider = openTestProvider(store);
  const key = await generatedKey(provider, { kind: "aes" }, 128);
  assert.equal(store.size, 1);
  await provider.keys.destroyKey(key);
  assert.equal(store.size, 0);
  await provider.keys.destroyKey(key);
  await refused(PsaErrorDoesNotExist, () => provider.keys.exportKey(key));
});

Deno.test("reserveKeyId() gives fresh ids of 16 bytes and makes nothing", async () => {
  const store = new MemoryKeyMaterialStore();
  await using provider = openTestProvider(store);
  const [a, b] = [provider.keys.reserveKeyId(), provider.keys.reserveKeyId()];
  assert.equal(a.length, 16);
  assert.notDeepEqual(a, b);
  assert.equal(store.size, 0);
});

Deno.test("a key that the store does not take is not made, and its bytes are wiped", async (t) => {
  const offered: Uint8Array[] = [];
  class FullStore extends MemoryKeyMaterialStore {
    override put(_key: unknown, material: Uint8Array): void {
      offered.push(material);
      throw new StatusError(ResponseStatus.PsaErrorStorageFailure, "The disk is full");
    }
  }
  await using provider = openTestProvider(new FullStore());
  const types: readonly (readonly [KeyType, number])[] = [
    [{ kind: "aes" }, 128],
    [{ kind: "ecc_key_pair", family: EccFamily.SecpR1 }, 256],
    [{ kind: "rsa_key_pair" }, 1024],
  ];
  for (const [type, bits] of types) {
    await t.step(type.kind, () =>
      refused(
        ResponseStatus.PsaErrorStorageFailure,
        () => provider.keys.generateKey(unmadeKey(type, bits)),
      ));
  }
  assert.equal(offered.length, types.length);
  for (const bytes of offered) assert.ok(bytes.every((byte) => byte === 0));
});

Deno.test("the store gets a key with the size that was found", async () => {
  const sizes: number[] = [];
  class NotingStore extends MemoryKeyMaterialStore {
    override put(...[key, material]: Parameters<MemoryKeyMaterialStore["put"]>): void {
      sizes.push(key.attributes.bits);
      super.put(key, material);
    }
  }
  await using provider = openTestProvider(new NotingStore());
  await importedKey(provider, { kind: "aes" }, 0, new Uint8Array(32));
  assert.deepEqual(sizes, [256]);
});

Deno.test("RC4 and single DES are served where libcrypto has its legacy provider", async (t) => {
  await using provider = openTestProvider();
  const rows: readonly (readonly [KeyType, number])[] = [
    [{ kind: "arc4" }, 128],
    [{ kind: "des" }, 64],
  ];
  for (const [type, bits] of rows) {
    await t.step(
      type.kind,
      () => {
        const support = provider.registry.keySupport(type, bits);
        assert.equal(support !== undefined, HAS_LEGACY_PROVIDER);
      },
    );
  }
});

Deno.test("what PSA has no size for is not supported either", async (t) => {
  await using provider = openTestProvider();
  const rows: readonly (readonly [KeyType, number])[] = [
    [{ kind: "aes" }, 0],
    [{ kind: "rsa_key_pair" }, 2047],
    [{ kind: "ecc_key_pair", family: EccFamily.SecpR1 }, 255],
    [{ kind: "dh_key_pair", family: DhFamily.Rfc7919 }, 1024],
  ];
  for (const [type, bits] of rows) {
    await t.step(
      type.kind,
      () => assert.equal(provider.registry.keySupport(type, bits), undefined),
    );
  }
});

Deno.test("the key management suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
