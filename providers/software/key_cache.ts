/**
 * The keys in use, loaded: reading one from the store costs a decryption and more. The least recently used one
 * is wiped when there are too many.
 *
 * The store gives a key only to whom it belongs and under the attributes that it was made with; so does the cache,
 * where the same id comes with others.
 */
import type { Key } from "../../src/provider.ts";
import { AsymmetricKey, type LoadedKey, SymmetricKey } from "./loaded_key.ts";

/** At most some 20 KiB each, for the largest RSA keys. */
export const KEY_CACHE_LIMIT = 256;

interface Entry {
  readonly key: Key;
  readonly loaded: LoadedKey;
}

export class KeyCache implements Disposable {
  /** By key id, in hex; the most recently used one last. */
  readonly #keys = new Map<string, Entry>();
  readonly #limit: number;
  readonly #load: (key: Key) => LoadedKey;
  /** The most recently used one: most clients use one key again and again. */
  #newest: Entry | undefined;

  /** @param load Reads a key from where it is kept. */
  constructor(limit: number, load: (key: Key) => LoadedKey) {
    this.#limit = limit;
    this.#load = load;
  }

  /** How many keys are loaded. */
  get size(): number {
    return this.#keys.size;
  }

  symmetric(key: Key): SymmetricKey {
    const loaded = this.#get(key);
    if (loaded instanceof SymmetricKey) return loaded;
    throw new TypeError(`Cannot use a ${key.attributes.type.kind}: wanted a symmetric key`);
  }

  asymmetric(key: Key): AsymmetricKey {
    const loaded = this.#get(key);
    if (loaded instanceof AsymmetricKey) return loaded;
    throw new TypeError(`Cannot use a ${key.attributes.type.kind}: wanted an asymmetric key`);
  }

  /** Wipes a key that is to be destroyed. */
  forget(id: Uint8Array): void {
    this.#drop(id.toHex());
  }

  [Symbol.dispose](): void {
    for (const name of [...this.#keys.keys()]) this.#drop(name);
  }

  #get(key: Key): LoadedKey {
    const newest = this.#newest;
    if (newest !== undefined && newest.key.id === key.id && isSameKey(newest.key, key)) {
      return newest.loaded;
    }
    const name = key.id.toHex();
    const known = this.#keys.get(name);
    const entry = known !== undefined && isSameKey(known.key, key)
      ? known
      : { key, loaded: this.#load(key) };
    if (entry === known) this.#keys.delete(name);
    else this.#drop(name);
    this.#keys.set(name, entry);
    this.#newest = entry;
    if (this.#keys.size > this.#limit) this.#dropOldest();
    return entry.loaded;
  }

  #dropOldest(): void {
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined) this.#drop(oldest);
  }

  #drop(name: string): void {
    const entry = this.#keys.get(name);
    this.#keys.delete(name);
    if (entry === this.#newest) this.#newest = undefined;
    entry?.loaded[Symbol.dispose]();
  }
}

/** Attributes are not compared one by one: the key info manager has one object of them for each key. */
function isSameKey(a: Key, b: Key): boolean {
  const [one, other] = [a.identity, b.identity];
  return a.attributes === b.attributes && one.keyName === other.keyName &&
    one.application.name === other.application.name &&
    one.application.authType === other.application.authType &&
    one.provider.name === other.provider.name && one.provider.uuid === other.provider.uuid;
}
