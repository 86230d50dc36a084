/** Message authentication codes (EVP_MAC(3)), fetched once. */
import { Arena } from "../runtime/arena.ts";
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import { layParams, type Param } from "./params.ts";

/** Longest MAC of any construction, bytes: HMAC-SHA-512. */
const MAX_MAC_LENGTH = 64;

export class MacAlgorithm implements Disposable {
  readonly #library: Libcrypto;
  readonly #handle: Handle;

  private constructor(library: Libcrypto, pointer: Deno.PointerObject) {
    this.#library = library;
    this.#handle = new Handle("EVP_MAC", pointer, library.c.EVP_MAC_free);
  }

  /** @returns `undefined` where this libcrypto has no such MAC. */
  static fetch(library: Libcrypto, name: string): MacAlgorithm | undefined {
    const pointer = library.c.EVP_MAC_fetch(null, encodeCString(name), null);
    if (pointer !== null) return new MacAlgorithm(library, pointer);
    library.clearErrors();
    return undefined;
  }

  /** The whole MAC of the data. @throws {OpensslError} If the key does not fit. */
  compute(
    key: Uint8Array,
    params: readonly Param[],
    data: Uint8Array,
  ): Uint8Array<ArrayBuffer> {
    const { c } = this.#library;
    using arena = new Arena();
    using context = this.#context();
    const { pointer } = context;
    const laid = layParams(arena, params);
    const init = c.EVP_MAC_init(pointer, asBuffer(key), BigInt(key.length), laid);
    this.#library.check("EVP_MAC_init", init);
    const update = c.EVP_MAC_update(pointer, asBuffer(data), BigInt(data.length));
    this.#library.check("EVP_MAC_update", update);
    const mac = new Uint8Array(MAX_MAC_LENGTH);
    const length = new BigUint64Array(1);
    const final = c.EVP_MAC_final(pointer, mac, length, BigInt(mac.length));
    this.#library.check("EVP_MAC_final", final);
    return mac.slice(0, Number(length[0]));
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }

  #context(): Handle {
    const { c } = this.#library;
    const pointer = c.EVP_MAC_CTX_new(this.#handle.pointer);
    const made = this.#library.checkPointer("EVP_MAC_CTX_new", pointer);
    return new Handle("EVP_MAC_CTX", made, c.EVP_MAC_CTX_free);
  }
}
