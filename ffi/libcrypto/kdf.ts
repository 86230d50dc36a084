/** Key derivation functions (EVP_KDF(3)), fetched once. */
import { Arena } from "../runtime/arena.ts";
import { freshBytes } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import { layParams, type Param } from "./params.ts";

export class Kdf implements Disposable {
  readonly #library: Libcrypto;
  /** For one derivation after the other; it keeps the function alive. */
  readonly #context: Handle;

  private constructor(library: Libcrypto, pointer: Deno.PointerObject) {
    const { c } = library;
    this.#library = library;
    using _function = new Handle("EVP_KDF", pointer, c.EVP_KDF_free);
    const context = library.checkPointer("EVP_KDF_CTX_new", c.EVP_KDF_CTX_new(pointer));
    this.#context = new Handle("EVP_KDF_CTX", context, c.EVP_KDF_CTX_free);
  }

  /**
   * @param name As libcrypto calls it: `HKDF`, `TLS1-PRF`.
   * @returns `undefined` where this libcrypto has no such function.
   */
  static fetch(library: Libcrypto, name: string): Kdf | undefined {
    const pointer = library.c.EVP_KDF_fetch(library.context, encodeCString(name), null);
    if (pointer !== null) return new Kdf(library, pointer);
    library.clearErrors();
    return undefined;
  }

  /**
   * Derives now. What is secret in the parameters is wiped with all other copies when it is done.
   *
   * @param params EVP_KDF-HKDF(7), EVP_KDF-TLS1_PRF(7)
   * @param length Bytes, 1 or more.
   * @returns The output; the caller wipes it.
   * @throws {OpensslError} If the parameters are none the function takes, or it can't give as much.
   */
  derive(params: readonly Param[], length: number): Uint8Array<ArrayBuffer> {
    const { c } = this.#library;
    const { pointer } = this.#context;
    using arena = new Arena();
    const output = freshBytes(length);
    const array = layParams(arena, params);
    const done = c.EVP_KDF_derive(pointer, output, BigInt(length), array);
    c.EVP_KDF_CTX_reset(pointer); // wipes what it was given
    this.#library.check("EVP_KDF_derive", done);
    return output;
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }
}
