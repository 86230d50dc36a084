/** Making keys: generated, or from their parts (EVP_PKEY_generate(3), EVP_PKEY_fromdata(3)). */
import { Arena } from "../runtime/arena.ts";
import type { Handle } from "../runtime/handle.ts";
import { failedElsewhere } from "./errors.ts";
import type { Libcrypto } from "./library.ts";
import { layParams, type Param } from "./params.ts";
import { contextForType, PKey } from "./pkey.ts";
import { EVP_PKEY_KEYPAIR, EVP_PKEY_PUBLIC_KEY } from "./types.ts";

/** Generates key pairs of one kind, one after the other: to be ready takes as long as to make a key. */
export class KeyGenerator implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;

  constructor(library: Libcrypto, type: string, params: readonly Param[]) {
    this.#library = library;
    this.#context = generationContext(library, type, params);
  }

  /** Generates a key pair now. */
  generate(): PKey {
    const { c } = this.#library;
    const key = new BigUint64Array(1);
    this.#library.check("EVP_PKEY_generate", c.EVP_PKEY_generate(this.#context.pointer, key));
    return keyAt(this.#library, key);
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }
}

/** Generates a key pair on another thread. */
export async function generateKeyElsewhere(
  library: Libcrypto,
  type: string,
  params: readonly Param[],
): Promise<PKey> {
  using context = generationContext(library, type, params);
  const key = new BigUint64Array(1);
  const done = await library.c.generateElsewhere(context.pointer, key);
  if (done !== 1) throw failedElsewhere("EVP_PKEY_generate");
  return keyAt(library, key);
}

function generationContext(library: Libcrypto, type: string, params: readonly Param[]): Handle {
  const { c } = library;
  using arena = new Arena();
  using stack = new DisposableStack();
  const context = stack.use(contextForType(library, type));
  library.check("EVP_PKEY_keygen_init", c.EVP_PKEY_keygen_init(context.pointer));
  if (params.length > 0) {
    const array = layParams(arena, params);
    library.check("EVP_PKEY_CTX_set_params", c.EVP_PKEY_CTX_set_params(context.pointer, array));
  }
  stack.move();
  return context;
}

/** @returns `undefined` if libcrypto refuses the parts: a point that is not on its curve. */
export function publicKeyFrom(
  library: Libcrypto,
  type: string,
  params: readonly Param[],
): PKey | undefined {
  return keyFrom(library, type, EVP_PKEY_PUBLIC_KEY, params);
}

/** @returns `undefined` if libcrypto refuses the parts. */
export function keyPairFrom(
  library: Libcrypto,
  type: string,
  params: readonly Param[],
): PKey | undefined {
  return keyFrom(library, type, EVP_PKEY_KEYPAIR, params);
}

function keyFrom(
  library: Libcrypto,
  type: string,
  selection: number,
  params: readonly Param[],
): PKey | undefined {
  const { c } = library;
  using arena = new Arena();
  using context = contextForType(library, type);
  library.check("EVP_PKEY_fromdata_init", c.EVP_PKEY_fromdata_init(context.pointer));
  const key = new BigUint64Array(1);
  const array = layParams(arena, params);
  if (c.EVP_PKEY_fromdata(context.pointer, key, selection, array) === 1) {
    return keyAt(library, key);
  }
  library.clearErrors();
  return undefined;
}

/** The key whose address C has written. */
function keyAt(library: Libcrypto, cell: BigUint64Array): PKey {
  const pointer = Deno.UnsafePointer.create(cell[0] ?? 0n);
  return new PKey(library, library.checkPointer("EVP_PKEY *", pointer));
}
