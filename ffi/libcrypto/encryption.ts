/** Encrypting to a public key and decrypting with its private one (EVP_PKEY_encrypt(3)). */
import { asBuffer } from "../runtime/buffer.ts";
import type { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import type { Param } from "./params.ts";
import { initialisedContext, type PKey } from "./pkey.ts";

/** Encrypts now. */
export function encrypt(
  key: PKey,
  params: readonly Param[],
  plaintext: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { library } = key;
  using context = initialisedContext(key, "EVP_PKEY_encrypt_init_ex", params);
  const ciphertext = new Uint8Array(key.size);
  const length = BigUint64Array.of(BigInt(ciphertext.length));
  const done = library.c.EVP_PKEY_encrypt(
    context.pointer,
    ciphertext,
    length,
    asBuffer(plaintext),
    BigInt(plaintext.length),
  );
  library.check("EVP_PKEY_encrypt", done);
  return ciphertext.subarray(0, Number(length[0]));
}

/** A key with its options, ready for one decryption; the key may be disposed of meanwhile. */
export class Decryptor implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;
  readonly #size: number;

  /** @throws {OpensslError} If the key can't decrypt this way. */
  constructor(key: PKey, params: readonly Param[]) {
    this.#library = key.library;
    this.#size = key.size;
    this.#context = initialisedContext(key, "EVP_PKEY_decrypt_init_ex", params);
  }

  /**
   * Decrypts on another thread. The ciphertext must not change until it is done.
   *
   * @returns `undefined` if it can't be decrypted, for whatever reason.
   */
  async decryptElsewhere(ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const plaintext = new Uint8Array(this.#size);
    const length = BigUint64Array.of(BigInt(plaintext.length));
    const done = await this.#library.c.decryptElsewhere(
      this.#context.pointer,
      plaintext,
      length,
      asBuffer(ciphertext),
      BigInt(ciphertext.length),
    );
    if (done === 1) return plaintext.subarray(0, Number(length[0]));
    plaintext.fill(0);
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }
}
