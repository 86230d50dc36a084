/** From a key's id to the key in the TPM, ready for a command. */
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  decodePublicArea,
  type EsysObject,
  load,
  loadPublic,
  PASSWORD,
  type PublicArea,
  setAuth,
} from "../../ffi/tss2/mod.ts";
import type { Key } from "../../src/provider.ts";
import {
  type AdoptedKey,
  decodeAdoptedKeyId,
  encodeAdoptedKey,
  isAdoptedKeyId,
} from "./adopted_key_id.ts";
import type { AuthVault } from "./auth_vault.ts";
import { decodeKeyId, isKeyId } from "./key_id.ts";
import { rootKey, rootKeyObjectName, type TpmAccess } from "./open_tpm.ts";
import { knownObject } from "./persistent_object.ts";
import { damagedKey } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";
import type { RootKeyKind } from "./root_key.ts";
import type { Tpm } from "./tpm.ts";
import { decodeUpstreamKeyId } from "./upstream_key_id.ts";

/** A key as its id tells it, whoever stored it. */
interface ReadKey extends Disposable {
  /** `undefined` for a public key alone; what is at a persistent handle for one that was adopted with it. */
  readonly parent: RootKeyKind | AdoptedKey | undefined;
  /** TPMT_PUBLIC */
  readonly publicArea: Uint8Array<ArrayBuffer>;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  readonly auth: Secret;
}

export interface KeyLoaderParts {
  readonly access: TpmAccess;
  readonly registry: TpmRegistry;
  readonly vault: AuthVault;
}

export class KeyLoader {
  readonly #parts: KeyLoaderParts;

  constructor(parts: KeyLoaderParts) {
    this.#parts = parts;
  }

  /**
   * The key, loaded for this turn and its auth value known.
   *
   * @throws {StatusError} PsaErrorDataCorrupt if what is stored is not this key, PsaErrorDoesNotExist if it was
   * adopted and is not in the TPM any more.
   */
  async load(tpm: Tpm, key: Key): Promise<EsysObject> {
    if (isAdoptedKeyId(key.id)) {
      using read = this.#readAdopted(key);
      if (read.parent.what !== "parent") return await this.#persistentKey(tpm, read);
    }
    return await tpm.object(objectName(key.id), "key", async () => {
      using read = this.#read(key);
      const object = await this.#loadInto(tpm, read);
      setAuth(tpm.context, object, read.auth.expose());
      return object;
    });
  }

  /** The public area of a key; the TPM is not asked. */
  publicArea(key: Key): PublicArea {
    using read = this.#read(key);
    try {
      return decodePublicArea(read.publicArea);
    } catch (error) {
      throw damagedKey("Cannot read a TPM key: its public area is damaged", error);
    }
  }

  /** What an adopted key needs of the TPM; `undefined` for any other key. */
  adopted(key: Key): AdoptedKey | undefined {
    if (!isAdoptedKeyId(key.id)) return undefined;
    using read = this.#readAdopted(key);
    return read.parent;
  }

  async #persistentKey(tpm: Tpm, { parent, auth }: ReadAdoptedKey): Promise<EsysObject> {
    const object = await knownObject(tpm, parent);
    setAuth(tpm.context, object, auth.expose());
    return object;
  }

  async #loadInto(tpm: Tpm, { parent, publicArea, wrapped }: ReadKey): Promise<EsysObject> {
    if (parent === undefined) return await tpm.plain((context) => loadPublic(context, publicArea));
    const loaded = typeof parent === "string"
      ? await rootKey(tpm, this.#parts.access, parent)
      : await knownObject(tpm, parent);
    const object = await tpm.plain((context) =>
      load(context, [PASSWORD], loaded, { publicArea, wrapped })
    );
    if (typeof parent === "string") tpm.release(rootKeyObjectName(parent));
    return object;
  }

  #read(key: Key): ReadKey {
    if (!isKeyId(key.id)) return this.#readUpstreams(key);
    return isAdoptedKeyId(key.id) ? this.#readAdopted(key) : this.#readOurs(key);
  }

  #readOurs({ id, identity }: Key): ReadKey {
    const { root, publicArea, wrapped, sealedAuth } = readId(() => decodeKeyId(id));
    const auth = this.#parts.vault.unseal(identity, publicArea, sealedAuth);
    return readKey({ parent: root, publicArea, wrapped, auth });
  }

  #readAdopted({ id, identity }: Key): ReadAdoptedKey {
    const stored = readId(() => decodeAdoptedKeyId(id));
    const { publicArea, wrapped, sealedAuth } = stored;
    const auth = this.#parts.vault.unseal(identity, encodeAdoptedKey(stored), sealedAuth);
    return readKey({ parent: stored, publicArea, wrapped, auth });
  }

  #readUpstreams({ id, attributes }: Key): ReadKey {
    const { publicArea, wrapped, auth: bytes } = decodeUpstreamKeyId(
      id,
      attributes,
      this.#parts.registry,
    );
    const parent = wrapped.length === 0 ? undefined : "rsa-2048";
    return readKey({ parent, publicArea, wrapped, auth: new Secret(bytes) });
  }
}

interface ReadAdoptedKey extends ReadKey {
  readonly parent: AdoptedKey;
}

function readKey<K extends Omit<ReadKey, typeof Symbol.dispose>>(parts: K): K & Disposable {
  return { ...parts, [Symbol.dispose]: () => parts.auth[Symbol.dispose]() };
}

function readId<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw damagedKey("Cannot read a TPM key: its id is damaged", error);
  }
}

/** The name under which a key is loaded. */
export function objectName(keyId: Uint8Array): string {
  return `key ${keyId.toHex()}`;
}
