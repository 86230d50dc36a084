/**
 * Signing and verifying what has been hashed already (EVP_PKEY_sign(3), EVP_PKEY_verify(3)).
 *
 * A signer or verifier is a key with its options, ready for any number of calls, one at a time.
 */
import { asBuffer, freshBytes } from "../runtime/buffer.ts";
import { encodeCString } from "../runtime/cstring.ts";
import type { Handle } from "../runtime/handle.ts";
import { failedElsewhere } from "./errors.ts";
import type { Libcrypto } from "./library.ts";
import type { Param } from "./params.ts";
import { initialisedContext, type PKey } from "./pkey.ts";

export class Signer implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;
  readonly #size: number;

  /** @throws {OpensslError} If the key can't sign this way. */
  constructor(key: PKey, params: readonly Param[]) {
    this.#library = key.library;
    this.#size = key.size;
    this.#context = initialisedContext(key, "EVP_PKEY_sign_init_ex", params);
  }

  /** @returns The signature in the library's form: DER for ECDSA. */
  sign(hash: Uint8Array): Uint8Array<ArrayBuffer> {
    const { signature, length } = this.#space();
    const done = this.#library.c.EVP_PKEY_sign(
      this.#context.pointer,
      signature,
      length,
      asBuffer(hash),
      BigInt(hash.length),
    );
    this.#library.check("EVP_PKEY_sign", done);
    return signature.subarray(0, Number(length[0]));
  }

  /** As {@linkcode sign}, on another thread. The hash must not change until it is done. */
  async signElsewhere(hash: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { signature, length } = this.#space();
    const done = await this.#library.c.signElsewhere(
      this.#context.pointer,
      signature,
      length,
      asBuffer(hash),
      BigInt(hash.length),
    );
    if (done !== 1) throw failedElsewhere("EVP_PKEY_sign");
    return signature.subarray(0, Number(length[0]));
  }

  #space() {
    return {
      signature: freshBytes(this.#size),
      length: new BigUint64Array([BigInt(this.#size)]),
    };
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }
}

export class Verifier implements Disposable {
  readonly #library: Libcrypto;
  readonly #context: Handle;

  /** @throws {OpensslError} If the key can't verify this way. */
  constructor(key: PKey, params: readonly Param[]) {
    this.#library = key.library;
    this.#context = initialisedContext(key, "EVP_PKEY_verify_init_ex", params);
  }

  /** Whether the signature, in the library's form, is one of the hash. */
  verify(hash: Uint8Array, signature: Uint8Array): boolean {
    const valid = this.#library.c.EVP_PKEY_verify(
      this.#context.pointer,
      asBuffer(signature),
      BigInt(signature.length),
      asBuffer(hash),
      BigInt(hash.length),
    ) === 1;
    if (!valid) this.#library.clearErrors();
    return valid;
  }

  /** As {@linkcode verify}, on another thread. Neither array may change until it is done. */
  async verifyElsewhere(hash: Uint8Array, signature: Uint8Array): Promise<boolean> {
    return await this.#library.c.verifyElsewhere(
      this.#context.pointer,
      asBuffer(signature),
      BigInt(signature.length),
      asBuffer(hash),
      BigInt(hash.length),
    ) === 1;
  }

  [Symbol.dispose](): void {
    this.#context[Symbol.dispose]();
  }
}

/** Whether signers of this key know a parameter; which ones there are depends on the version. */
export function hasSigningParam(key: PKey, name: string): boolean {
  const { c } = key.library;
  using context = initialisedContext(key, "EVP_PKEY_sign_init_ex", []);
  const known = c.EVP_PKEY_CTX_settable_params(context.pointer);
  return known !== null && c.OSSL_PARAM_locate_const(known, encodeCString(name)) !== null;
}
