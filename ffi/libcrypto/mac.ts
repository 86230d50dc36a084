/** Message authentication codes (EVP_MAC(3)), fetched once with all that makes them one of their kind. */
import { Arena } from "../runtime/arena.ts";
import { asBuffer, freshBytes } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import { failedElsewhere } from "./errors.ts";
import type { Libcrypto } from "./library.ts";
import { layParams, type Param } from "./params.ts";

/** Longest MAC of any construction, bytes: HMAC-SHA-512. */
const MAX_MAC_LENGTH = 64;

/** Takes the place of a key in a context that is done with it; as long as the longest that CMAC takes. */
const NO_KEY = new Uint8Array(32);

export class MacAlgorithm implements Disposable {
  readonly #library: Libcrypto;
  readonly #owned: Disposable;
  readonly #mac: Handle;
  readonly #params: Uint8Array<ArrayBuffer> | null;
  /** For one message after the other, at once. */
  readonly #context: Handle;
  readonly #message: MacMessage;

  private constructor(library: Libcrypto, pointer: Deno.PointerObject, params: readonly Param[]) {
    using stack = new DisposableStack();
    this.#library = library;
    this.#mac = stack.use(new Handle("EVP_MAC", pointer, library.c.EVP_MAC_free));
    this.#params = layParams(stack.use(new Arena()), params);
    this.#context = stack.use(this.#newContext());
    this.#message = new MacMessage(library, this.#context);
    this.#owned = stack.move();
  }

  /**
   * @param params EVP_MAC-HMAC(7), EVP_MAC-CMAC(7)
   * @returns `undefined` where this libcrypto has no such MAC.
   * @throws {OpensslError} If it does not take the parameters.
   */
  static fetch(
    library: Libcrypto,
    name: string,
    params: readonly Param[],
  ): MacAlgorithm | undefined {
    const pointer = library.c.EVP_MAC_fetch(library.context, encodeCString(name), null);
    if (pointer !== null) return new MacAlgorithm(library, pointer, params);
    library.clearErrors();
    return undefined;
  }

  /** The whole MAC of the data. @throws {OpensslError} If the key does not fit. */
  compute(key: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
    try {
      this.#init(this.#context, key);
      return this.#message.compute(data);
    } finally {
      // Only another key makes a context forget the one that it has.
      const rest = key.length < NO_KEY.length ? NO_KEY.subarray(0, key.length) : NO_KEY;
      this.#init(this.#context, rest);
    }
  }

  /** Takes a key, for one message on another thread. @throws {OpensslError} If the key does not fit. */
  start(key: Uint8Array): MacMessage {
    using stack = new DisposableStack();
    const context = stack.use(this.#newContext());
    this.#init(context, key);
    stack.move();
    return new MacMessage(this.#library, context);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }

  #init({ pointer }: Handle, key: Uint8Array): void {
    const { c } = this.#library;
    const done = c.EVP_MAC_init(pointer, asBuffer(key), BigInt(key.length), null);
    this.#library.check("EVP_MAC_init", done);
  }

  #newContext(): Handle {
    const { c } = this.#library;
    const pointer = c.EVP_MAC_CTX_new(this.#mac.pointer);
    const made = this.#library.checkPointer("EVP_MAC_CTX_new", pointer);
    using stack = new DisposableStack();
    const context = stack.use(new Handle("EVP_MAC_CTX", made, c.EVP_MAC_CTX_free));
    const done = c.EVP_MAC_CTX_set_params(made, this.#params);
    this.#library.check("EVP_MAC_CTX_set_params", done);
    stack.move();
    return context;
  }
}

/** A message to authenticate, its key in place. */
export class MacMessage implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;
  readonly #length = new BigUint64Array(1);

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
    const mac = freshBytes(MAX_MAC_LENGTH);
    const size = BigInt(MAX_MAC_LENGTH);
    const done = this.#library.c.EVP_MAC_final(this.#context.pointer, mac, this.#length, size);
    this.#library.check("EVP_MAC_final", done);
    return mac.subarray(0, Number(this.#length[0]));
  }
}
