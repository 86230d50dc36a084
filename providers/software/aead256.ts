/**
 * AES-256-GCM, as the key store needs it (NIST SP 800-38D), by libcrypto.
 *
 * Keys and plaintexts pass through memory of the caller and of libcrypto, which wipes its own; `node:crypto` makes
 * copies of both that nobody can reach. It is also faster. Measured with Deno 2.9.6 and OpenSSL 3.0.19,
 * microseconds of processor time to seal and open again, with 150 bytes of additional data: 3.9 against 7.2 for
 * 32 bytes, 4.7 against 18 for 1 KiB.
 */
import {
  CipherContext,
  EvpAead,
  type Libcrypto,
  secretRandomBytes,
} from "../../ffi/libcrypto/mod.ts";
import { Secret } from "../../ffi/runtime/secret.ts";

/** Bytes. */
export const AEAD_KEY_LENGTH = 32;
/** Bytes; random nonces are safe for far more keys than a store holds. */
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

export class Aead256 implements Disposable {
  readonly #library: Libcrypto;
  readonly #aead: EvpAead;
  readonly #context: CipherContext;

  /** @throws {OpensslError} If libcrypto can't: it is broken then, or configured to. */
  constructor(library: Libcrypto) {
    using stack = new DisposableStack();
    this.#library = library;
    this.#context = stack.use(new CipherContext(library));
    const aead = EvpAead.fetch(library, "AES-256-GCM");
    if (aead === undefined) throw new Error("Cannot seal keys: libcrypto has no AES-256-GCM");
    this.#aead = aead;
    stack.move();
  }

  makeKey(): Secret {
    return new Secret(secretRandomBytes(this.#library, AEAD_KEY_LENGTH));
  }

  /** @returns A fresh nonce (12 bytes), the ciphertext, as long as the plaintext, and the tag (16 bytes). */
  seal(key: Secret, additionalData: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
    const parameters = parametersOf(key, nonce, additionalData);
    using work = this.#aead.encrypt(this.#context, parameters, plaintext);
    const ciphertext = work.now();
    const sealed = new Uint8Array(NONCE_LENGTH + ciphertext.length);
    sealed.set(nonce);
    sealed.set(ciphertext, NONCE_LENGTH);
    return sealed;
  }

  /** @returns The plaintext, for the caller to zero; `undefined` if anything was changed. */
  open(
    key: Secret,
    additionalData: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array<ArrayBuffer> | undefined {
    if (sealed.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
    const nonce = sealed.subarray(0, NONCE_LENGTH);
    const parameters = parametersOf(key, nonce, additionalData);
    using work = this.#aead.decrypt(this.#context, parameters, sealed.subarray(NONCE_LENGTH));
    return work.now();
  }

  [Symbol.dispose](): void {
    this.#aead[Symbol.dispose]();
    this.#context[Symbol.dispose]();
  }
}

function parametersOf(key: Secret, nonce: Uint8Array, additionalData: Uint8Array) {
  return { key: key.expose(), nonce, additionalData, tagLength: TAG_LENGTH };
}
