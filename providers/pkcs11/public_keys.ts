/** Public keys read from the token and loaded into libcrypto, for public operations in software. */
import { type Libcrypto, type PKey, readRsaPublicKey } from "../../ffi/libcrypto/mod.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";
import type { Key } from "../../src/provider.ts";
import { curveOf } from "./ec_keys.ts";
import { loadPoint } from "./public_points.ts";
import { wrongAnswer } from "./refusals.ts";

/** Keys that stay loaded; the one that was loaded first goes when there are more. */
const LIMIT = 256;

/** Reads the public key of a key, in the PSA export format. */
type ReadPublicKey = (key: Key) => MaybePromise<Uint8Array>;

export class PublicKeys implements Disposable {
  readonly #library: Libcrypto;
  readonly #read: ReadPublicKey;
  readonly #loaded = new Map<string, PKey>();

  constructor(library: Libcrypto, read: ReadPublicKey) {
    this.#library = library;
    this.#read = read;
  }

  /** Does something with a key, at once: it may be disposed of afterwards. */
  async use<T>(key: Key, work: (loaded: PKey) => T): Promise<T> {
    const name = key.id.toHex();
    const known = this.#loaded.get(name);
    if (known !== undefined) return work(known);
    const loaded = this.#load(key, await this.#read(key));
    this.#drop(name); // somebody else may have loaded it meanwhile
    this.#loaded.set(name, loaded);
    if (this.#loaded.size > LIMIT) this.#dropOldest();
    return work(loaded);
  }

  forget(keyId: Uint8Array): void {
    this.#drop(keyId.toHex());
  }

  [Symbol.dispose](): void {
    for (const name of [...this.#loaded.keys()]) this.#drop(name);
  }

  #load({ attributes }: Key, bytes: Uint8Array): PKey {
    if ("family" in attributes.type) return loadPoint(this.#library, curveOf(attributes), bytes);
    const key = readRsaPublicKey(this.#library, bytes);
    if (key !== undefined) return key;
    throw wrongAnswer("Cannot load a public key: libcrypto refused what the token has");
  }

  #dropOldest(): void {
    const [oldest] = this.#loaded.keys();
    if (oldest !== undefined) this.#drop(oldest);
  }

  #drop(name: string): void {
    this.#loaded.get(name)?.[Symbol.dispose]();
    this.#loaded.delete(name);
  }
}
