/** GCM, CCM and ChaCha20-Poly1305 as EVP has them (EVP_EncryptInit(3), "AEAD Interface"). */
import { freshBytes } from "../runtime/buffer.ts";
import { type Aead, type AeadParameters, splitSealed } from "./aead.ts";
import { Cipher, type CipherContext, type CipherWork, type Direction } from "./cipher.ts";
import type { Libcrypto } from "./library.ts";
import { EVP_CTRL_AEAD_GET_TAG, EVP_CTRL_AEAD_SET_IVLEN, EVP_CTRL_AEAD_SET_TAG } from "./types.ts";

/** An AEAD writes nothing at its end. */
const NO_ROOM = new Uint8Array(0);

export class EvpAead implements Aead {
  readonly #cipher: Cipher;

  private constructor(cipher: Cipher) {
    this.#cipher = cipher;
  }

  /** @returns `undefined` where this libcrypto has no such cipher. */
  static fetch(library: Libcrypto, name: string): EvpAead | undefined {
    const cipher = Cipher.fetch(library, name);
    return cipher && new EvpAead(cipher);
  }

  encrypt(
    context: CipherContext,
    parameters: AeadParameters,
    plaintext: Uint8Array,
  ): CipherWork<Uint8Array<ArrayBuffer>> {
    const sealed = freshBytes(plaintext.length + parameters.tagLength);
    this.#start(context, parameters, "encrypt", null, plaintext.length);
    return context.work(parameters.additionalData, plaintext, sealed, (written) => {
      requireLength(written, plaintext.length);
      const tag = sealed.subarray(plaintext.length);
      requireLength(context.finish(tag), 0);
      context.control(EVP_CTRL_AEAD_GET_TAG, tag.length, tag);
      return sealed;
    });
  }

  decrypt(
    context: CipherContext,
    parameters: AeadParameters,
    sealed: Uint8Array,
  ): CipherWork<Uint8Array<ArrayBuffer> | undefined> {
    const { ciphertext, tag } = splitSealed(sealed, parameters.tagLength);
    const plaintext = freshBytes(ciphertext.length);
    this.#start(context, parameters, "decrypt", tag, ciphertext.length);
    return context.work(parameters.additionalData, ciphertext, plaintext, (written) => {
      if (written === ciphertext.length && this.#isTagRight(context, tag)) return plaintext;
      plaintext.fill(0);
      return undefined;
    });
  }

  [Symbol.dispose](): void {
    this.#cipher[Symbol.dispose]();
  }

  /** CCM has checked the tag with the data; the others do it at the end. */
  #isTagRight(context: CipherContext, tag: Uint8Array<ArrayBuffer>): boolean {
    if (this.#cipher.isCcm) return true;
    context.control(EVP_CTRL_AEAD_SET_TAG, tag.length, tag);
    return context.finish(NO_ROOM) === 0;
  }

  /** @param tag Of a message to decrypt. */
  #start(
    context: CipherContext,
    { key, nonce, tagLength }: AeadParameters,
    direction: Direction,
    tag: Uint8Array<ArrayBuffer> | null,
    length: number,
  ): void {
    const { isCcm, ivLength } = this.#cipher;
    if (!isCcm && nonce.length === ivLength) {
      return context.begin(this.#cipher, key, nonce, direction);
    }
    context.choose(this.#cipher, direction);
    context.control(EVP_CTRL_AEAD_SET_IVLEN, nonce.length, null);
    if (isCcm) context.control(EVP_CTRL_AEAD_SET_TAG, tagLength, tag);
    context.start(key, nonce, direction);
    if (isCcm) context.announce(length);
  }
}

function requireLength(found: number | undefined, wanted: number): void {
  if (found !== wanted) {
    throw new RangeError(`Cannot encrypt: libcrypto gave ${found} bytes, wanted ${wanted}`);
  }
}
