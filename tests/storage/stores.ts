/**
 * Both stores of a key, and the way keys are made and unmade in them: what the service does, without sockets
 * and cryptography. The material of a key is its name, so that it can be recognised.
 */
import { join } from "node:path";
import { fileRootKey } from "../../providers/software/file_root_key.ts";
import type { KeyMaterialStore } from "../../providers/software/key_material_store.ts";
import {
  type KeyStore,
  type KeyStoreOptions,
  openKeyStore,
} from "../../providers/software/key_store.ts";
import { AuthType } from "../../src/auth_type.ts";
import { KeyLifeCycle } from "../../src/back/key_life_cycle.ts";
import type { KeyIdentity, KeyInfoManager } from "../../src/key_info/key_info_manager.ts";
import { settle, type SettleResult } from "../../src/key_info/recovery.ts";
import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import type { Key, KeyManagement, NewKey, ProviderIdentity } from "../../src/provider.ts";
import { ProviderId } from "../../src/provider_id.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";

export const APPLICATION = { authType: AuthType.Direct, name: "application" };

export const PROVIDER: ProviderIdentity = {
  id: ProviderId.Software,
  uuid: "1c1139dc-ad7c-47dc-ad6b-db6fdb466552",
  name: "software",
};

export const ATTRIBUTES: KeyAttributes = {
  type: { kind: "raw_data" },
  bits: 128,
  policy: { usageFlags: usageFlags("export"), permittedAlgorithm: { kind: "none" } },
};

export function identityOf(keyName: string): KeyIdentity {
  return { application: APPLICATION, provider: PROVIDER, keyName };
}

export function materialOf(keyName: string): Uint8Array {
  return new TextEncoder().encode(`material of ${keyName}`);
}

/** The key management of a provider whose keys are what a store holds. */
export function storedKeys(store: KeyMaterialStore): KeyManagement {
  const make = (key: NewKey) => {
    store.put(key, materialOf(key.identity.keyName));
    return { keyId: key.id, bits: key.attributes.bits };
  };
  return {
    reserveKeyId: () => store.reserveKeyId(),
    generateKey: make,
    destroyKey: (key: Key) => store.remove(key),
    exportKey: (key: Key) => store.get(key),
  };
}

export type RootKeySealers = Pick<KeyStoreOptions, "rootKey" | "previousRootKey">;

export class Stores implements Disposable {
  readonly #manager: KeyInfoManager;
  readonly #store: KeyStore;
  readonly #lifeCycle: KeyLifeCycle;
  /** What had to be settled as they were opened. */
  readonly settled: SettleResult;

  private constructor(parts: { manager: KeyInfoManager; store: KeyStore; settled: SettleResult }) {
    this.#manager = parts.manager;
    this.#store = parts.store;
    this.settled = parts.settled;
    this.#lifeCycle = new KeyLifeCycle(parts.manager, storedKeys(parts.store), {
      maxKeysPerApplication: 1_000_000,
    });
  }

  /** @param sealers By default a file in the folder. */
  static async open(folder: string, sealers?: RootKeySealers): Promise<Stores> {
    const log = recordingLogger();
    using stack = new DisposableStack();
    const path = join(folder, "key-info.sqlite3");
    const manager = stack.use(openKeyInfoManager({ path, log }));
    const { rootKey = fileRootKey({ folder, log }), previousRootKey } = sealers ?? {};
    const store = stack.use(await openKeyStore({ folder, rootKey, previousRootKey, log }));
    const keys = storedKeys(store);
    const settled = await settle(manager, { identity: PROVIDER, keys }, log);
    stack.move();
    return new Stores({ manager, store, settled });
  }

  create(keyName: string): Promise<void> {
    const make = (key: NewKey) => {
      this.#store.put(key, materialOf(keyName));
      return { keyId: key.id, bits: key.attributes.bits };
    };
    return this.#lifeCycle.create(identityOf(keyName), ATTRIBUTES, make);
  }

  destroy(keyName: string): Promise<void> {
    return this.#lifeCycle.destroy(identityOf(keyName));
  }

  /**
   * The names of the keys that are there.
   * @throws {Error} If one of them isn't in both places, or isn't itself.
   */
  verifiedNames(): readonly string[] {
    const records = this.#manager.list(APPLICATION);
    for (const { keyId, attributes, identity } of records) {
      const material = this.#store.get({ id: keyId, attributes, identity });
      if (material.toHex() !== materialOf(identity.keyName).toHex()) {
        throw new Error(`The material of ${identity.keyName} is another key's`);
      }
    }
    const stored = this.#store.keyIds().length;
    if (stored !== records.length) {
      throw new Error(`${stored} keys in the key store, ${records.length} in the key info manager`);
    }
    const unsettled = this.#manager.unsettled(PROVIDER).length;
    if (unsettled !== 0) throw new Error(`${unsettled} keys are unsettled`);
    return records.map(({ identity }) => identity.keyName);
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
    this.#manager[Symbol.dispose]();
  }
}
