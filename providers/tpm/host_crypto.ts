/**
 * What is computed on the host, by libcrypto, because no key of the TPM is needed for it: hashes of messages, and
 * what a key to import is checked and completed with.
 */
import {
  Digest,
  type Libcrypto,
  openLibcrypto,
  WeierstrassCurve,
} from "../../ffi/libcrypto/mod.ts";
import { Semaphore } from "../../ffi/runtime/semaphore.ts";
import { type Hash, hashName } from "../../src/psa/hash.ts";
import { CURVE_ROWS, HASH_ROWS } from "./algorithms.ts";
import { notSupported } from "./refusals.ts";

export class HostCrypto implements Disposable {
  readonly library: Libcrypto;
  /** A permit for each call on another thread: few, for the TPM is the slow one. */
  readonly elsewhere = new Semaphore(2);
  readonly #owned = new DisposableStack();
  readonly #digests = new Map<Hash, Digest>();
  readonly #curves = new Map<number, WeierstrassCurve>();

  /** @throws {LibraryError} If libcrypto is not there. */
  constructor() {
    this.library = openLibcrypto();
    for (const { hash, digest } of HASH_ROWS) {
      const found = Digest.fetch(this.library, digest);
      if (found !== undefined) this.#digests.set(hash, this.#owned.use(found));
    }
    for (const { bits, group } of CURVE_ROWS) {
      const found = WeierstrassCurve.open(this.library, group);
      if (found !== undefined) this.#curves.set(bits, this.#owned.use(found));
    }
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  digest(hash: Hash): Digest {
    const digest = this.#digests.get(hash);
    if (digest !== undefined) return digest;
    throw notSupported(`Cannot hash a message with ${hashName(hash)}: libcrypto does not have it`);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  curve(bits: number): WeierstrassCurve {
    const curve = this.#curves.get(bits);
    if (curve !== undefined) return curve;
    throw notSupported(`Cannot import a key of ${bits} bits: libcrypto does not have the curve`);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
