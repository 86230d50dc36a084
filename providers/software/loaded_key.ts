/** Keys in memory, ready for use; wiped when disposed of. */
import type { PKey } from "../../ffi/libcrypto/mod.ts";
import type { Secret } from "../../ffi/runtime/secret.ts";

/** One secret of some bytes. */
export class SymmetricKey implements Disposable {
  readonly kind = "symmetric";
  readonly #secret: Secret;

  /** Owns the secret from here on. */
  constructor(secret: Secret) {
    this.#secret = secret;
  }

  /** Only for the call at hand: not to be kept, nor passed to another thread. */
  expose(): Uint8Array<ArrayBuffer> {
    return this.#secret.expose();
  }

  [Symbol.dispose](): void {
    this.#secret[Symbol.dispose]();
  }
}

/**
 * A key pair or public key, with what has been set up to use it. A call on another thread sets up its own,
 * before it waits for anything: that keeps the key alive in libcrypto whatever happens to this object.
 */
export class AsymmetricKey implements Disposable {
  readonly kind = "asymmetric";
  readonly key: PKey;
  readonly #ready = new Map<string, Disposable>();

  /** Owns the key from here on. */
  constructor(key: PKey) {
    this.key = key;
  }

  /**
   * Something set up with this key, made at its first use.
   *
   * @param name One name for one `make`.
   */
  reuse<T extends Disposable>(name: string, make: (key: PKey) => T): T {
    const known = this.#ready.get(name);
    if (known !== undefined) return known as T;
    const made = make(this.key);
    this.#ready.set(name, made);
    return made;
  }

  [Symbol.dispose](): void {
    for (const ready of this.#ready.values()) ready[Symbol.dispose]();
    this.#ready.clear();
    this.key[Symbol.dispose]();
  }
}

export type LoadedKey = SymmetricKey | AsymmetricKey;
