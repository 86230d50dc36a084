/** Authenticated encryption, as EVP has it or made of a block cipher. */
import { freshBytes } from "../runtime/buffer.ts";
import type { CipherContext, CipherWork } from "./cipher.ts";

export interface AeadParameters {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
  /** bytes */
  readonly tagLength: number;
}

export interface Aead extends Disposable {
  /**
   * Sets up an encryption.
   *
   * @param context For those that need one.
   * @returns Its work gives the ciphertext, as long as the plaintext, and the tag behind it.
   * @throws {OpensslError} If lengths of key, nonce or tag are none the cipher takes.
   */
  encrypt(
    context: CipherContext,
    parameters: AeadParameters,
    plaintext: Uint8Array,
  ): CipherWork<Uint8Array<ArrayBuffer>>;

  /**
   * Sets up a decryption.
   *
   * @param sealed Ciphertext and tag; at least as long as the tag.
   * @returns Its work gives the plaintext; `undefined`, and nothing of it, if the tag is wrong.
   * @throws {OpensslError} As `encrypt`.
   */
  decrypt(
    context: CipherContext,
    parameters: AeadParameters,
    sealed: Uint8Array,
  ): CipherWork<Uint8Array<ArrayBuffer> | undefined>;
}

/** Ciphertext and tag of a sealed message: a view, and a copy. */
export function splitSealed(
  sealed: Uint8Array,
  tagLength: number,
): { readonly ciphertext: Uint8Array; readonly tag: Uint8Array<ArrayBuffer> } {
  const length = sealed.length - tagLength;
  const tag = freshBytes(tagLength);
  tag.set(sealed.subarray(length));
  return { ciphertext: sealed.subarray(0, length), tag };
}
