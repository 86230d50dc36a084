/** Message authentication codes (EVP_MAC(3)), fetched once. */
import { Arena } from "../runtime/arena.ts";
import { asBuffer } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import { failedElsewhere } from "./errors.ts";
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
    const pointer = library.c.EVP_MAC_fetch(library.context, encodeCString(name), null);
    if (pointer !== null) return new MacAlgorithm(library, pointer);
    library.clearErrors();
    return undefined;
  }

  /** Takes a key, for one MAC. @throws {OpensslError} If the key does not fit. */
  start(key: Uint8Array, params: readonly Param[]): MacMessage {
    using arena = new Arena();
    using stack = new DisposableStack();
    const context = stack.use(this.#context());
    const laid = layParams(arena, params);
    const { c } = this.#library;
    const done = c.EVP_MAC_init(context.pointer, asBuffer(key), BigInt(key.length), laid);
    this.#library.check("EVP_MAC_init", done);
    stack.move();
    return new MacMessage(this.#library, context);
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

/** A message to authenticate, its key in place. */
export class MacMessage implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;

  /** Owns the context from here on. */
  constructor(library: Libcrypto, context: Handle) {
    this.#library = library;
    this.#context = context;
  }

  /** The whole MAC of the data. */
  compute(data: Uint8Array): Uint8Array<ArrayBuffer> {
    const { c } = this.#library;
    const done = c.EVP_MAC_update(this.#context.pointer, asBuffer(data), BigInt(data.length));
    this.#library.check("EVP_MAC_update", done);
    return this.#final();
  }

  /** As {@linkcode compute}, on another thread. The data must not change until it is done. */
  async computeElsewhere(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { pointer } = this.#context;
    const { c } = this.#library;
    const done = await c.macUpdateElsewhere(pointer, asBuffer(data), BigInt(data.length));
    if (done !== 1) throw failedElsewhere("EVP_MAC_update");
    return this.#final();
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }

  #final(): Uint8Array<ArrayBuffer> {
    const mac = new Uint8Array(MAX_MAC_LENGTH);
    const length = new BigUint64Array(1);
    const size = BigInt(mac.length);
    const done = this.#library.c.EVP_MAC_final(this.#context.pointer, mac, length, size);
    this.#library.check("EVP_MAC_final", done);
    return mac.slice(0, Number(length[0]));
  }
}
