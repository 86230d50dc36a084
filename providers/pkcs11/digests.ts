/**
 * libcrypto's hash functions: for messages that are to be signed, which are no secret and hashed here, where it
 * is quick; and for the padding of OAEP.
 */
import { Digest, type Libcrypto } from "../../ffi/libcrypto/mod.ts";
import type { Semaphore } from "../../ffi/runtime/semaphore.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";
import { type Hash, hashName } from "../../src/psa/hash.ts";
import { HASH_ROWS } from "./hashes.ts";
import { notSupported } from "./refusals.ts";

/** From this length on, bytes, a message is hashed on another thread: it would hold up everybody else. */
const LONG_MESSAGE = 65_536;

export class Digests implements Disposable {
  readonly #owned = new DisposableStack();
  readonly #digests = new Map<Hash, Digest>();
  readonly #elsewhere: Semaphore;

  constructor(library: Libcrypto, elsewhere: Semaphore) {
    this.#elsewhere = elsewhere;
    for (const { hash, name } of HASH_ROWS) {
      const digest = Digest.fetch(library, name);
      if (digest !== undefined) this.#digests.set(hash, this.#owned.use(digest));
    }
  }

  has(hash: Hash): boolean {
    return this.#digests.has(hash);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  get(hash: Hash): Digest {
    const digest = this.#digests.get(hash);
    if (digest !== undefined) return digest;
    throw notSupported(`Cannot use ${hashName(hash)}: not in libcrypto`);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  compute(hash: Hash, message: Uint8Array): MaybePromise<Uint8Array> {
    const digest = this.get(hash);
    if (message.length < LONG_MESSAGE) return digest.compute(message);
    return this.#elsewhere.run(() => digest.computeElsewhere(message));
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
