/** The software provider over a store in memory, and keys for it: for tests of its primitives. */
import assert from "node:assert/strict";
import { openLibcrypto, withLegacyProvider } from "../../ffi/libcrypto/mod.ts";
import { openSoftwareProvider } from "../../providers/software/mod.ts";
import { AuthType } from "../../src/auth_type.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, usageFlags } from "../../src/psa/usage_flags.ts";
import type { CryptoProvider, Key, KeyManagement, Primitives } from "../../src/provider.ts";
import type { ResponseStatus } from "../../src/status.ts";
import { StatusError, statusName } from "../../src/status.ts";
import { MemoryKeyMaterialStore } from "./memory_key_material_store.ts";
import { silentLogger } from "./silent_logger.ts";

export interface TestProvider extends CryptoProvider {
  readonly keys: Required<KeyManagement>;
  readonly primitives: Required<Primitives>;
}

/** Another libcrypto to test with than the machine's: path or soname. */
export const TESTED_LIBCRYPTO = Deno.env.get("PARSEC_TEST_LIBCRYPTO");

/** Whether it has MD4, single DES and RC4. */
export const HAS_LEGACY_PROVIDER =
  withLegacyProvider(openLibcrypto(TESTED_LIBCRYPTO)).context !== null;

/** @param store Disposed of with the provider. */
export function openTestProvider(store = new MemoryKeyMaterialStore()): TestProvider {
  const provider = openSoftwareProvider({
    name: "software",
    store,
    log: silentLogger,
    maxCallsInFlight: 4,
    libraryPath: TESTED_LIBCRYPTO,
  });
  // All of them are served; a test that uses one that is not fails.
  return provider as TestProvider;
}

/** A key that the provider has not made yet. The rules of policy are not the provider's matter. */
export function unmadeKey(
  type: KeyType,
  bits: number,
  permittedAlgorithm: Algorithm = { kind: "none" },
): Key {
  const policy = { usageFlags: usageFlags(...USAGE_FLAGS), permittedAlgorithm };
  return {
    id: crypto.getRandomValues(new Uint8Array(16)),
    attributes: { type, bits, policy },
    identity: {
      application: { authType: AuthType.Direct, name: "test" },
      provider: { uuid: "1c1139dc-ad7c-47dc-ad6b-db6fdb466552", name: "software" },
      keyName: "key",
    },
  };
}

export async function generatedKey(
  provider: TestProvider,
  type: KeyType,
  bits: number,
): Promise<Key> {
  const key = unmadeKey(type, bits);
  const created = await provider.keys.generateKey(key);
  assert.deepEqual(created, { keyId: key.id, bits });
  return key;
}

/** @param bits 0: as the data says; the key has them then. */
export async function importedKey(
  provider: TestProvider,
  type: KeyType,
  bits: number,
  data: Uint8Array,
): Promise<Key> {
  const key = unmadeKey(type, bits);
  const created = await provider.keys.importKey(key, data);
  return { ...key, attributes: { ...key.attributes, bits: created.bits } };
}

/** Expects a refusal with this status, thrown or rejected. */
export async function refused(status: ResponseStatus, call: () => unknown): Promise<void> {
  await assert.rejects(async () => await call(), (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), statusName(status), error.message);
    return true;
  });
}
