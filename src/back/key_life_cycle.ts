/**
 * Making and destroying keys in two places at once, the provider and the key info manager, so that a crash
 * at any instant leaves a key in both or in neither.
 */
import type { KeyIdentity, KeyInfo, KeyInfoManager } from "../key_info/key_info_manager.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import type { KeyAttributes, KeyPolicy } from "../psa/key_attributes.ts";
import type { AdoptedKey, CreatedKey, Key, KeyManagement, NewKey } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { letOthersIn } from "./let_others_in.ts";

export interface KeyCountLimit {
  /** Over all providers that share the key info manager. */
  readonly maxKeysPerApplication: number;
}

export class KeyLifeCycle {
  readonly #manager: KeyInfoManager;
  readonly #keys: KeyManagement;
  readonly #limit: KeyCountLimit;

  constructor(manager: KeyInfoManager, keys: KeyManagement, limit: KeyCountLimit) {
    this.#manager = manager;
    this.#keys = keys;
    this.#limit = limit;
  }

  /**
   * @throws {StatusError} PsaErrorDoesNotExist, alike for a key that never was and for one of another
   * application.
   */
  find(identity: KeyIdentity): Key {
    const info = this.#manager.get(identity);
    if (info === undefined) {
      throw new StatusError(ResponseStatus.PsaErrorDoesNotExist, "Cannot find the key");
    }
    return asKey(identity, info);
  }

  /**
   * Uses a key. A library fails in its own way when a key goes while it works: the answer is then that there is no
   * such key.
   *
   * @throws {StatusError} As {@linkcode find}, and what `work` throws.
   */
  use<T>(identity: KeyIdentity, work: (key: Key) => MaybePromise<T>): MaybePromise<T> {
    const key = this.find(identity);
    const fail = (error: unknown): never => {
      this.find(identity);
      throw error;
    };
    try {
      const result = work(key);
      return result instanceof Promise ? result.catch(fail) : result;
    } catch (error) {
      return fail(error);
    }
  }

  /**
   * @param make Has the provider make the key; called once the key is announced.
   * @throws {StatusError} PsaErrorInsufficientStorage if the application has all the keys it may have,
   * PsaErrorAlreadyExists, or what `make` throws: the key is then nowhere.
   */
  async create(
    identity: KeyIdentity,
    attributes: KeyAttributes,
    make: (key: NewKey) => MaybePromise<CreatedKey>,
  ): Promise<void> {
    this.#requireRoom(identity);
    const provisional = { keyId: this.#keys.reserveKeyId(), attributes };
    this.#manager.beginCreate(identity, provisional);
    let made = provisional;
    try {
      const created = await make(asKey(identity, provisional));
      made = { keyId: created.keyId, attributes: { ...attributes, bits: created.bits } };
      this.#manager.commitCreate(identity, made);
    } catch (error) {
      await this.#undoCreate(identity, made, error);
      throw error;
    } finally {
      await letOthersIn();
    }
  }

  /**
   * Gives a name to a key that the provider has already.
   *
   * @param look Has the provider find the key, once it is known that there is room for it.
   * @returns The attributes under which it is stored.
   * @throws {StatusError} As {@linkcode create}; PsaErrorAlreadyExists too if it was made for an application.
   */
  async adopt(
    identity: KeyIdentity,
    policy: KeyPolicy,
    look: () => MaybePromise<AdoptedKey>,
  ): Promise<KeyAttributes> {
    this.#requireRoom(identity);
    this.#requireNew(identity); // a device may count what it is asked in vain
    const { keyId, type, bits, otherIds = [] } = await look();
    const attributes = { type, bits, policy };
    this.#requireRoom(identity);
    this.#requireNobodys(identity, otherIds);
    this.#manager.add(identity, { keyId, attributes });
    return attributes;
  }

  #requireNew(identity: KeyIdentity): void {
    if (this.#manager.get(identity) === undefined) return;
    throw new StatusError(
      ResponseStatus.PsaErrorAlreadyExists,
      "Cannot adopt a key: its name is in use, a free name",
    );
  }

  /** A key that was made for an application is its own, whoever could find it in the device. */
  #requireNobodys({ provider }: KeyIdentity, keyIds: readonly Uint8Array[]): void {
    if (!keyIds.some((keyId) => this.#manager.hasKeyId(provider, keyId))) return;
    throw new StatusError(
      ResponseStatus.PsaErrorAlreadyExists,
      "Cannot adopt a key: found one that the service has made for an application, wanted another's",
    );
  }

  /** Keys that are being made count: they are announced already. */
  #requireRoom({ application }: KeyIdentity): void {
    const { maxKeysPerApplication } = this.#limit;
    if (this.#manager.count(application) < maxKeysPerApplication) return;
    throw new StatusError(
      ResponseStatus.PsaErrorInsufficientStorage,
      `Cannot create a key: the application has ${maxKeysPerApplication} keys or more, fewer than ` +
        "core_settings.max_keys_per_application",
    );
  }

  async destroy(identity: KeyIdentity): Promise<void> {
    const info = this.#manager.beginDestroy(identity);
    try {
      await this.#keys.destroyKey(asKey(identity, info));
    } catch (error) {
      this.#manager.abandonDestroy(identity);
      throw error;
    }
    this.#manager.commitDestroy(identity);
    await letOthersIn();
  }

  /**
   * If even this fails, the announcement stays: the name is blocked until the next start settles it, and no
   * key is lost sight of.
   */
  async #undoCreate(identity: KeyIdentity, made: KeyInfo, reason: unknown): Promise<void> {
    try {
      await this.#keys.destroyKey(asKey(identity, made));
      this.#manager.abandonCreate(identity);
    } catch (error) {
      throw new StatusError(
        ResponseStatus.PsaErrorStorageFailure,
        "Cannot undo the creation of a key: its name is blocked until the next start",
        { cause: new AggregateError([reason, error]) },
      );
    }
  }
}

function asKey(identity: KeyIdentity, info: KeyInfo): Key {
  return { id: info.keyId, attributes: info.attributes, identity };
}
