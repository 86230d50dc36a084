import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Secret } from "../../ffi/runtime/secret.ts";
import { AuthType } from "../../src/auth_type.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { MemoryKeyMaterialStore } from "../../tests/fakes/memory_key_material_store.ts";
import { signHash } from "../../tests/fakes/operations.ts";
import { generatedKey, openTestProvider, unmadeKey } from "../../tests/fakes/software_provider.ts";
import type { Key } from "../../src/provider.ts";
import { KeyCache } from "./key_cache.ts";
import { SymmetricKey } from "./loaded_key.ts";

const AES: KeyType = { kind: "aes" };

/** A cache of symmetric keys that notes which were loaded, and keeps hold of them. */
function cacheOf(limit: number) {
  const loads: string[] = [];
  const made: SymmetricKey[] = [];
  const cache = new KeyCache(limit, (key) => {
    loads.push(key.id.toHex());
    const loaded = new SymmetricKey(new Secret(new Uint8Array(key.id)));
    made.push(loaded);
    return loaded;
  });
  return { cache, loads, made };
}

const UNMADE = unmadeKey(AES, 128);
const key = (id: number): Key => ({ ...UNMADE, id: Uint8Array.of(id) });

Deno.test("KeyCache loads a key once", () => {
  const { cache, loads } = cacheOf(4);
  using _cache = cache;
  const first = cache.symmetric(key(1));
  assert.equal(cache.symmetric(key(1)), first);
  assert.deepEqual(loads, ["01"]);
  assert.deepEqual(first.expose(), Uint8Array.of(1));
});

Deno.test("KeyCache asks the store again for whoever comes with the id of a loaded key", async (t) => {
  const { identity, attributes } = UNMADE;
  const { application, provider } = identity;
  const others: readonly (readonly [string, Partial<Key>])[] = [
    ["key name", { identity: { ...identity, keyName: "other" } }],
    ["application", { identity: { ...identity, application: { ...application, name: "other" } } }],
    ["authenticator", {
      identity: { ...identity, application: { ...application, authType: AuthType.JwtSvid } },
    }],
    ["provider name", { identity: { ...identity, provider: { ...provider, name: "other" } } }],
    ["provider UUID", { identity: { ...identity, provider: { ...provider, uuid: "other" } } }],
    ["attributes", { attributes: { ...attributes } }],
  ];
  for (const [name, other] of others) {
    await t.step(name, () => {
      let isStrict = false;
      const made: SymmetricKey[] = [];
      using cache = new KeyCache(2, () => {
        if (isStrict) throw new TypeError("Not this one's");
        const loaded = new SymmetricKey(new Secret(Uint8Array.of(1)));
        made.push(loaded);
        return loaded;
      });
      cache.symmetric(key(1));
      isStrict = true;
      assert.throws(() => cache.symmetric({ ...key(1), ...other }), TypeError);
      assert.equal(cache.symmetric(key(1)), made[0], "the key stays loaded for its owner");
      isStrict = false;
      assert.notEqual(cache.symmetric({ ...key(1), ...other }), made[0]);
      assert.throws(() => made[0]?.expose(), TypeError, "two of one id");
      assert.equal(cache.size, 1);
    });
  }
});

Deno.test("KeyCache drops the key that was not used for longest, and wipes it", () => {
  const { cache, loads, made } = cacheOf(2);
  using _cache = cache;
  for (const id of [1, 2, 1, 3]) cache.symmetric(key(id));
  assert.equal(cache.size, 2);
  assert.throws(() => made[1]?.expose(), TypeError, "2 is still there");
  cache.symmetric(key(1));
  assert.deepEqual(loads, ["01", "02", "03"]);
  cache.symmetric(key(2));
  assert.deepEqual(loads, ["01", "02", "03", "02"]);
  assert.throws(() => made[2]?.expose(), TypeError, "3 is still there");
});

Deno.test("KeyCache forgets a key that is destroyed, and takes no notice of others", () => {
  const { cache, made } = cacheOf(2);
  using _cache = cache;
  cache.symmetric(key(1));
  cache.forget(Uint8Array.of(2));
  assert.equal(cache.size, 1);
  cache.forget(Uint8Array.of(1));
  assert.equal(cache.size, 0);
  assert.throws(() => made[0]?.expose(), TypeError);
});

Deno.test("KeyCache keeps nothing of a key that can't be loaded", () => {
  let isBroken = true;
  using cache = new KeyCache(2, (key) => {
    if (isBroken) throw new Error("broken");
    return new SymmetricKey(new Secret(new Uint8Array(key.id)));
  });
  assert.throws(() => cache.symmetric(key(1)), { message: "broken" });
  assert.equal(cache.size, 0);
  isBroken = false;
  cache.symmetric(key(1));
});

Deno.test("KeyCache wipes all keys when it is disposed of", () => {
  const { cache, made } = cacheOf(8);
  for (const id of [1, 2, 3]) cache.symmetric(key(id));
  cache[Symbol.dispose]();
  for (const each of made) assert.throws(() => each.expose(), TypeError);
});

Deno.test("KeyCache does not take one kind of key for the other", () => {
  const { cache } = cacheOf(2);
  using _cache = cache;
  assert.throws(() => cache.asymmetric(key(1)), TypeError);
});

Deno.test("the provider zeroes what it reads from the store", async () => {
  const store = new MemoryKeyMaterialStore();
  await using provider = openTestProvider(store);
  const pair = await generatedKey(
    provider,
    { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
    256,
  );
  await signHash(provider, pair, { kind: "ecdsa", hash: Hash.Sha256 }, new Uint8Array(32));
  assert.equal(store.given.length, 1);
  assert.deepEqual(store.given[0], new Uint8Array(32));
});

Deno.test("keys that don't fit into the cache any more still work, and nothing is lost", async () => {
  await using provider = openTestProvider();
  const type = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
  const keys: Key[] = [];
  for (let i = 0; i < 300; i++) keys.push(await generatedKey(provider, type, 256));
  for (const each of [...keys, ...keys.slice(0, 50)]) {
    await signHash(provider, each, { kind: "ecdsa", hash: Hash.Sha256 }, new Uint8Array(32));
  }
  assert.ok((liveHandles().get("EVP_PKEY") ?? 0) <= 256);
});

Deno.test("the key cache suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
