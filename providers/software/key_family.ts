/** What the key types of one family have in common: how their keys come to be and what they look like. */
import type { PKey } from "../../ffi/libcrypto/mod.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { Draw } from "./key_derivation.ts";
import type { LoadedKey } from "./loaded_key.ts";

/** A key as it is kept: plain, in the PSA export format. Whoever gets it zeroes it. */
export interface Material {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

export interface KeyFamily {
  /** Makes a key pair or a symmetric key. */
  generate(type: KeyType, bits: number): MaybePromise<Material>;
  /**
   * Makes a key of the bytes of a derivation (PSA Crypto API 1.0, psa_key_derivation_output_key); absent where
   * keys can't be derived.
   *
   * @throws {StatusError} PsaErrorInsufficientData if it takes more than there are.
   */
  derive?(type: KeyType, bits: number, draw: Draw): Material;
  /**
   * Checks data from outside.
   *
   * @param bits 0 means "as the data says".
   * @throws {StatusError} PsaErrorInvalidArgument if it is not a key of this type and size,
   * PsaErrorNotSupported if it is one that can't be used here.
   */
  accept(type: KeyType, bits: number, data: Uint8Array): MaybePromise<Material>;
  load(type: KeyType, bits: number, material: Uint8Array): LoadedKey;
  /** The public half of a key pair; absent where keys have none. */
  exportPublic?(type: KeyType, bits: number, key: PKey): MaybePromise<Uint8Array>;
}
