/** Hash functions (EVP_DigestInit(3)), fetched once and used for the life of their owner. */
import { asBuffer, freshBytes } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import { failedElsewhere } from "./errors.ts";
import type { Libcrypto } from "./library.ts";

export class Digest implements Disposable {
  readonly #library: Libcrypto;
  readonly #handle: Handle;
  /** As libcrypto calls it; for parameters that name a digest. */
  readonly name: string;
  /** Output size, bytes. */
  readonly length: number;

  private constructor(library: Libcrypto, name: string, pointer: Deno.PointerObject) {
    this.#library = library;
    this.#handle = new Handle("EVP_MD", pointer, library.c.EVP_MD_free);
    this.name = name;
    this.length = library.c.EVP_MD_get_size(pointer);
  }

  /** @returns `undefined` where this libcrypto has no such digest. */
  static fetch(library: Libcrypto, name: string): Digest | undefined {
    const pointer = library.c.EVP_MD_fetch(library.context, encodeCString(name), null);
    if (pointer !== null) return new Digest(library, name, pointer);
    library.clearErrors();
    return undefined;
  }

  /** For the functions of `ffi/libcrypto`. */
  get pointer(): Deno.PointerObject {
    return this.#handle.pointer;
  }

  compute(data: Uint8Array): Uint8Array<ArrayBuffer> {
    const { c } = this.#library;
    const hash = freshBytes(this.length);
    const type = this.#handle.pointer;
    const done = c.EVP_Digest(asBuffer(data), BigInt(data.length), hash, null, type, null);
    this.#library.check("EVP_Digest", done);
    return hash;
  }

  /** As {@linkcode compute}, on another thread. The data must not change until it is done. */
  async computeElsewhere(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { c } = this.#library;
    const hash = freshBytes(this.length);
    const type = this.#handle.pointer;
    const length = BigInt(data.length);
    const done = await c.digestElsewhere(asBuffer(data), length, hash, null, type, null);
    if (done !== 1) throw failedElsewhere("EVP_Digest");
    return hash;
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}
