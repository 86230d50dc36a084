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

/** What is kept for calls on other threads, for each use of a key; more are made where more calls are in flight. */
const MOST_IDLE = 4;

/**
 * A key pair or public key, with what has been set up to use it. A call on another thread borrows its own,
 * before it waits for anything: that keeps the key alive in libcrypto whatever happens to this object.
 */
export class AsymmetricKey implements Disposable {
  readonly kind = "asymmetric";
  readonly key: PKey;
  readonly #ready = new Map<string, Disposable>();
  /** Lent to nobody at the moment. */
  readonly #idle = new Map<string, Disposable[]>();
  #disposed = false;

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

  /**
   * As {@linkcode reuse}, for one call alone until the loan is disposed of: to set up a context of libcrypto takes
   * 10 us.
   */
  borrow<T extends Disposable>(name: string, make: (key: PKey) => T): Loan<T> {
    const item = this.#idle.get(name)?.pop() as T | undefined ?? make(this.key);
    return { item, [Symbol.dispose]: () => this.#takeBack(name, item) };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const item of [...this.#ready.values(), ...this.#idle.values()].flat()) {
      item[Symbol.dispose]();
    }
    this.#ready.clear();
    this.#idle.clear();
    this.key[Symbol.dispose]();
  }

  #takeBack(name: string, item: Disposable): void {
    const idle = this.#idle.get(name) ?? [];
    if (this.#disposed || idle.length === MOST_IDLE) return item[Symbol.dispose]();
    this.#idle.set(name, idle);
    idle.push(item);
  }
}

/** What belongs to one call, until that gives it back, once. */
export interface Loan<T> extends Disposable {
  readonly item: T;
}

export type LoadedKey = SymmetricKey | AsymmetricKey;
