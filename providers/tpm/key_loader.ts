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
import type { AuthVault } from "./auth_vault.ts";
import { decodeKeyId, isKeyId } from "./key_id.ts";
import { rootKey, rootKeyObjectName, type TpmAccess } from "./open_tpm.ts";
import { damagedKey } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";
import type { RootKeyKind } from "./root_key.ts";
import type { Tpm } from "./tpm.ts";
import { decodeUpstreamKeyId } from "./upstream_key_id.ts";

/** A key as its id tells it, whoever stored it. */
interface ReadKey extends Disposable {
  /** `undefined` for a public key alone. */
  readonly root: RootKeyKind | undefined;
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
   * @throws {StatusError} PsaErrorDataCorrupt if what is stored is not this key.
   */
  load(tpm: Tpm, key: Key): Promise<EsysObject> {
    return tpm.object(objectName(key.id), "key", async () => {
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

  async #loadInto(tpm: Tpm, { root, publicArea, wrapped }: ReadKey): Promise<EsysObject> {
    if (root === undefined) return await tpm.plain((context) => loadPublic(context, publicArea));
    const parent = await rootKey(tpm, this.#parts.access, root);
    const object = await tpm.plain((context) =>
      load(context, [PASSWORD], parent, { publicArea, wrapped })
    );
    tpm.release(rootKeyObjectName(root));
    return object;
  }

  #read(key: Key): ReadKey {
    return isKeyId(key.id) ? this.#readOurs(key) : this.#readUpstreams(key);
  }

  #readOurs({ id, identity }: Key): ReadKey {
    let stored;
    try {
      stored = decodeKeyId(id);
    } catch (error) {
      throw damagedKey("Cannot read a TPM key: its id is damaged", error);
    }
    const { root, publicArea, wrapped, sealedAuth } = stored;
    const auth = this.#parts.vault.unseal(identity, publicArea, sealedAuth);
    return { root, publicArea, wrapped, auth, [Symbol.dispose]: () => auth[Symbol.dispose]() };
  }

  #readUpstreams({ id, attributes }: Key): ReadKey {
    const { publicArea, wrapped, auth: bytes } = decodeUpstreamKeyId(
      id,
      attributes,
      this.#parts.registry,
    );
    const auth = new Secret(bytes);
    return {
      root: wrapped.length === 0 ? undefined : "rsa-2048",
      publicArea,
      wrapped,
      auth,
      [Symbol.dispose]: () => auth[Symbol.dispose](),
    };
  }
}

/** The name under which a key is loaded. */
export function objectName(keyId: Uint8Array): string {
  return `key ${keyId.toHex()}`;
}
