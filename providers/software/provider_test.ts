import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { LibraryError } from "../../ffi/runtime/library.ts";
import { Hash } from "../../src/psa/hash.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { MemoryKeyMaterialStore } from "../../tests/fakes/memory_key_material_store.ts";
import { signHash } from "../../tests/fakes/operations.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { generatedKey, openTestProvider, unmadeKey } from "../../tests/fakes/software_provider.ts";
import { openSoftwareProvider } from "./mod.ts";

Deno.test("openSoftwareProvider() says who it is", async () => {
  await using provider = openTestProvider();
  assert.deepEqual(provider.identity, {
    id: ProviderId.Software,
    uuid: "1c1139dc-ad7c-47dc-ad6b-db6fdb466552",
    name: "software",
  });
  assert.match(provider.description.description, /^Software provider over OpenSSL 3\.\d+\.\d+/);
  assert.ok(provider.description.vendor.length > 0);
});

Deno.test("openSoftwareProvider() names a library that can't be loaded, and holds nothing", () => {
  const store = new MemoryKeyMaterialStore();
  const options = { name: "software", store, log: silentLogger };
  assert.throws(
    () => openSoftwareProvider({ ...options, libraryPath: "/nowhere/libcrypto.so.3" }),
    (error) => error instanceof LibraryError && error.path === "/nowhere/libcrypto.so.3",
  );
  assert.equal(liveHandles().size, 0);
});

Deno.test("openSoftwareProvider() refuses to make do with no call in flight", () => {
  const store = new MemoryKeyMaterialStore();
  const options = { name: "software", store, log: silentLogger, maxCallsInFlight: 0 };
  assert.throws(() => openSoftwareProvider(options), RangeError);
  assert.equal(liveHandles().size, 0);
});

Deno.test("keys are used while others are being made", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, { kind: "rsa_key_pair" }, 2048);
  const alg = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
  let made = 0;
  // As many as there are permits; each takes far longer than a signature.
  const making = Array.from({ length: 4 }, async () => {
    await provider.keys.generateKey(unmadeKey({ kind: "rsa_key_pair" }, 3072));
    made++;
  });
  await signHash(provider, key, alg, new Uint8Array(32));
  assert.equal(made, 0, "the signature had to wait for a key");
  await Promise.all(making);
});

Deno.test("two providers may be open at once, each with its own keys", async () => {
  await using first = openTestProvider();
  await using second = openTestProvider();
  const key = await generatedKey(first, { kind: "aes" }, 128);
  await first.keys.exportKey(key);
  await assert.rejects(async () => await second.keys.exportKey(key));
});

Deno.test("the provider closes when the calls in flight are done, and its store with it", async () => {
  let isOpen = true;
  class ClosingStore extends MemoryKeyMaterialStore {
    override put(...[key, material]: Parameters<MemoryKeyMaterialStore["put"]>): void {
      assert.ok(isOpen, "the store is closed already");
      super.put(key, material);
    }
    override [Symbol.dispose](): void {
      isOpen = false;
    }
  }
  const provider = openTestProvider(new ClosingStore());
  const key = await generatedKey(provider, { kind: "rsa_key_pair" }, 2048);
  const alg = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
  const signing = Array.from(
    { length: 6 },
    () => signHash(provider, key, alg, new Uint8Array(32)),
  );
  const making = provider.keys.generateKey(unmadeKey({ kind: "rsa_key_pair" }, 2048));
  await provider[Symbol.asyncDispose]();
  assert.equal(isOpen, false);
  assert.equal(liveHandles().size, 0);
  for (const signature of await Promise.all(signing)) assert.equal(signature.length, 256);
  await making;
});

Deno.test("the provider suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
