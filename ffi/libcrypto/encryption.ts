/** Encrypting to a public key and decrypting with its private one (EVP_PKEY_encrypt(3)). */
import { asBuffer, freshBytes } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import type { Param } from "./params.ts";
import { initialisedContext, type PKey } from "./pkey.ts";

const IMPLICIT_REJECTION_PARAM = encodeCString("implicit-rejection");

/**
 * Whether wrong padding of PKCS#1 v1.5 decrypts to bytes that depend on nothing but key and ciphertext, and so
 * can't be told from right padding ("implicit rejection"). It does unless a caller objects: from OpenSSL 3.2 on,
 * and in earlier ones into which a distribution has brought it.
 */
export function rejectsImplicitly(library: Libcrypto): boolean {
  const { c } = library;
  const pointer = c.EVP_ASYM_CIPHER_fetch(library.context, encodeCString("RSA"), null);
  if (pointer === null) {
    library.clearErrors();
    return false;
  }
  using cipher = new Handle("EVP_ASYM_CIPHER", pointer, c.EVP_ASYM_CIPHER_free);
  const known = c.EVP_ASYM_CIPHER_settable_ctx_params(cipher.pointer);
  return known !== null && c.OSSL_PARAM_locate_const(known, IMPLICIT_REJECTION_PARAM) !== null;
}

/** A key with its options, ready for any number of encryptions, one at a time. */
export class Encryptor implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;
  readonly #size: number;

  /** @throws {OpensslError} If the key can't encrypt this way. */
  constructor(key: PKey, params: readonly Param[]) {
    this.#library = key.library;
    this.#size = key.size;
    this.#context = initialisedContext(key, "EVP_PKEY_encrypt_init_ex", params);
  }

  encrypt(plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
    const ciphertext = freshBytes(this.#size);
    const length = BigUint64Array.of(BigInt(ciphertext.length));
    const done = this.#library.c.EVP_PKEY_encrypt(
      this.#context.pointer,
      ciphertext,
      length,
      asBuffer(plaintext),
      BigInt(plaintext.length),
    );
    this.#library.check("EVP_PKEY_encrypt", done);
    return ciphertext.subarray(0, Number(length[0]));
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }
}

/** Encrypts once, now. */
export function encrypt(
  key: PKey,
  params: readonly Param[],
  plaintext: Uint8Array,
): Uint8Array<ArrayBuffer> {
  using encryptor = new Encryptor(key, params);
  return encryptor.encrypt(plaintext);
}

/** As {@linkcode Encryptor}; the key may be disposed of meanwhile. */
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
