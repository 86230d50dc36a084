/** Making, keeping and unmaking keys. */
import { andThen, type MaybePromise } from "../../src/maybe_promise.ts";
import { isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { CreatedKey, Key, KeyManagement, NewKey } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import type { KeyCache } from "./key_cache.ts";
import type { DrawFrom } from "./key_derivation.ts";
import type { KeyFamily, Material } from "./key_family.ts";
import type { KeyMaterialStore } from "./key_material_store.ts";
import type { LoadedKey } from "./loaded_key.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

/** The family a key type belongs to. @throws {StatusError} PsaErrorNotSupported */
export type FamilyOf = (type: KeyType) => KeyFamily;

export interface KeyManagementParts {
  readonly store: KeyMaterialStore;
  readonly cache: KeyCache;
  readonly familyOf: FamilyOf;
  readonly drawFrom: DrawFrom;
}

export function keyManagement(
  { store, cache, familyOf, drawFrom }: KeyManagementParts,
): Required<Omit<KeyManagement, "adoptKey">> {
  return {
    reserveKeyId: () => store.reserveKeyId(),
    generateKey(key) {
      const { type, bits } = key.attributes;
      return andThen(familyOf(type).generate(type, bits), (made) => keep(store, key, made));
    },
    importKey(key, data) {
      const { type, bits } = key.attributes;
      return andThen(familyOf(type).accept(type, bits, data), (made) => keep(store, key, made));
    },
    deriveKey(key, from, derivation) {
      const { type, bits } = key.attributes;
      const { derive } = familyOf(type);
      if (derive === undefined) throw notSupported(`Cannot derive a key of type ${type.kind}`);
      const made = drawFrom(from, derivation, (draw) => derive(type, bits, draw));
      return andThen(made, (material) => keep(store, key, material));
    },
    destroyKey(key) {
      cache.forget(key.id);
      store.remove(key);
    },
    exportKey: (key) => store.get(key),
    exportPublicKey(key) {
      const { type, bits } = key.attributes;
      if (isPublicKey(type)) return store.get(key);
      const { exportPublic } = familyOf(type);
      if (exportPublic !== undefined) return exportPublic(type, bits, cache.asymmetric(key).key);
      throw invalidArgument(`Cannot export a public key: a key of type ${type.kind} has none`);
    },
  };
}

/** Reads a key from the store, for the cache. */
export function keyLoader(store: KeyMaterialStore, familyOf: FamilyOf): (key: Key) => LoadedKey {
  return (key) => {
    const { type, bits } = key.attributes;
    const material = store.get(key);
    try {
      return familyOf(type).load(type, bits, material);
    } catch (error) {
      throw new StatusError(
        ResponseStatus.PsaErrorDataCorrupt,
        `Cannot load a key: what is stored is not a ${type.kind} of ${bits} bits`,
        { cause: error },
      );
    } finally {
      material.fill(0);
    }
  };
}

function keep(
  store: KeyMaterialStore,
  key: NewKey,
  { bytes, bits }: Material,
): MaybePromise<CreatedKey> {
  try {
    store.put({ ...key, attributes: { ...key.attributes, bits } }, bytes);
  } finally {
    bytes.fill(0);
  }
  return { keyId: key.id, bits };
}
