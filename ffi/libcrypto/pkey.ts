/** Asymmetric keys (EVP_PKEY) and the contexts in which they are used (EVP_PKEY_CTX). */
import { Arena } from "../runtime/arena.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import { layParams, type Param } from "./params.ts";

/**
 * A key pair or a public key.
 *
 * libcrypto counts the references: a context holds its key, so disposing of the key while a call on another
 * thread still uses it only frees (and wipes) it once that call's context is gone.
 */
export class PKey implements Disposable {
  readonly library: Libcrypto;
  readonly #handle: Handle;

  /** Owns the pointer from here on. */
  constructor(library: Libcrypto, pointer: Deno.PointerObject) {
    this.library = library;
    this.#handle = new Handle("EVP_PKEY", pointer, library.c.EVP_PKEY_free);
  }

  get pointer(): Deno.PointerObject {
    return this.#handle.pointer;
  }

  /** Most bytes that a signature or a ciphertext of the key has. */
  get size(): number {
    return this.library.c.EVP_PKEY_get_size(this.pointer);
  }

  /** Size of the key in bits, as its type counts it. */
  get bits(): number {
    return this.library.c.EVP_PKEY_get_bits(this.pointer);
  }

  /** Its context for one kind of operation; may be used by one call at a time. */
  context(): Handle {
    const { c } = this.library;
    const pointer = c.EVP_PKEY_CTX_new_from_pkey(this.library.context, this.pointer, null);
    return ownedContext(this.library, "EVP_PKEY_CTX_new_from_pkey", pointer);
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}

type Init =
  | "EVP_PKEY_sign_init_ex"
  | "EVP_PKEY_verify_init_ex"
  | "EVP_PKEY_encrypt_init_ex"
  | "EVP_PKEY_decrypt_init_ex"
  | "EVP_PKEY_derive_init_ex";

/**
 * A context of a key, set up for an operation.
 *
 * @throws {OpensslError} If the key can't be used this way.
 */
export function initialisedContext(key: PKey, init: Init, params: readonly Param[]): Handle {
  using arena = new Arena();
  using stack = new DisposableStack();
  const context = stack.use(key.context());
  const done = key.library.c[init](context.pointer, layParams(arena, params));
  key.library.check(init, done);
  stack.move();
  return context;
}

/** A context without a key, for making one of a type: `RSA`, `EC`, `X25519`. */
export function contextForType(library: Libcrypto, type: string): Handle {
  const pointer = library.c.EVP_PKEY_CTX_new_from_name(library.context, encodeCString(type), null);
  return ownedContext(library, "EVP_PKEY_CTX_new_from_name", pointer);
}

/** Whether this libcrypto knows a type of keys. */
export function hasKeyType(library: Libcrypto, type: string): boolean {
  const { c } = library;
  const management = c.EVP_KEYMGMT_fetch(library.context, encodeCString(type), null);
  if (management === null) library.clearErrors();
  else c.EVP_KEYMGMT_free(management);
  return management !== null;
}

function ownedContext(library: Libcrypto, name: string, pointer: Deno.PointerValue): Handle {
  const { EVP_PKEY_CTX_free } = library.c;
  return new Handle("EVP_PKEY_CTX", library.checkPointer(name, pointer), EVP_PKEY_CTX_free);
}
