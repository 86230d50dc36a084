/**
 * The keys in use, loaded: reading one from the store costs a decryption and more. The least recently used one
 * is wiped when there are too many.
 */
import type { Key } from "../../src/provider.ts";
import { AsymmetricKey, type LoadedKey, SymmetricKey } from "./loaded_key.ts";

/** At most some 20 KiB each, for the largest RSA keys. */
export const KEY_CACHE_LIMIT = 256;

export class KeyCache implements Disposable {
  /** By key id, in hex; the most recently used one last. */
  readonly #keys = new Map<string, LoadedKey>();
  readonly #limit: number;
  readonly #load: (key: Key) => LoadedKey;

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
    const name = key.id.toHex();
    const known = this.#keys.get(name);
    const loaded = known ?? this.#load(key);
    if (known !== undefined) this.#keys.delete(name);
    this.#keys.set(name, loaded);
    if (this.#keys.size > this.#limit) this.#dropOldest();
    return loaded;
  }

  #dropOldest(): void {
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined) this.#drop(oldest);
  }

  #drop(name: string): void {
    const loaded = this.#keys.get(name);
    this.#keys.delete(name);
    loaded?.[Symbol.dispose]();
  }
}
