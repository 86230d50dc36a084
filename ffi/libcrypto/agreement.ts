/** Agreeing on a secret (EVP_PKEY_derive(3)): ECDH, X25519, X448, Diffie-Hellman. */
import type { Handle } from "../runtime/handle.ts";
import type { Libcrypto } from "./library.ts";
import type { Param } from "./params.ts";
import { initialisedContext, type PKey } from "./pkey.ts";

/** The peer was checked when its key was made. */
const NO_VALIDATION = 0;

/** A key pair and a peer, ready for one agreement; both keys may be disposed of meanwhile. */
export class KeyAgreement implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;

  /**
   * @param peer A sound public key of the same group.
   * @throws {OpensslError} If the keys are not of one group.
   */
  constructor(key: PKey, peer: PKey, params: readonly Param[]) {
    const { library } = key;
    using stack = new DisposableStack();
    const context = stack.use(initialisedContext(key, "EVP_PKEY_derive_init_ex", params));
    const set = library.c.EVP_PKEY_derive_set_peer_ex(context.pointer, peer.pointer, NO_VALIDATION);
    library.check("EVP_PKEY_derive_set_peer_ex", set);
    stack.move();
    this.#library = library;
    this.#context = context;
  }

  /**
   * @param length Bytes of the secret.
   * @returns The secret; `undefined` if the keys give none (all zero: X25519 with a point of small order).
   */
  agree(length: number): Uint8Array<ArrayBuffer> | undefined {
    const { secret, size } = space(length);
    const done = this.#library.c.EVP_PKEY_derive(this.#context.pointer, secret, size);
    if (done === 1) return wholeSecret(secret, size);
    this.#library.clearErrors();
    return undefined;
  }

  /** As {@linkcode agree}, on another thread. */
  async agreeElsewhere(length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { secret, size } = space(length);
    const done = await this.#library.c.deriveElsewhere(this.#context.pointer, secret, size);
    return done === 1 ? wholeSecret(secret, size) : undefined;
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }
}

function space(length: number) {
  return { secret: new Uint8Array(length), size: new BigUint64Array([BigInt(length)]) };
}

function wholeSecret(
  secret: Uint8Array<ArrayBuffer>,
  size: BigUint64Array,
): Uint8Array<ArrayBuffer> {
  if (size[0] === BigInt(secret.length)) return secret;
  throw new RangeError(
    `Cannot agree on a secret: found ${size[0]} bytes, wanted ${secret.length}`,
  );
}
