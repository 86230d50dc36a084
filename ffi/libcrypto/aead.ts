/** Authenticated encryption: GCM, CCM, ChaCha20-Poly1305 (EVP_EncryptInit(3), "AEAD Interface"). */
import type { Cipher, CipherContext, CipherWork, Direction } from "./cipher.ts";
import { EVP_CTRL_AEAD_GET_TAG, EVP_CTRL_AEAD_SET_IVLEN, EVP_CTRL_AEAD_SET_TAG } from "./types.ts";

export interface AeadParameters {
  readonly cipher: Cipher;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
  /** bytes */
  readonly tagLength: number;
}

/**
 * Sets up an encryption.
 *
 * @returns Its work gives the ciphertext, as long as the plaintext, and the tag behind it.
 * @throws {OpensslError} If lengths of nonce or tag are none the cipher takes.
 */
export function aeadEncrypt(
  context: CipherContext,
  parameters: AeadParameters,
  plaintext: Uint8Array,
): CipherWork<Uint8Array<ArrayBuffer>> {
  const sealed = new Uint8Array(plaintext.length + parameters.tagLength);
  start(context, parameters, "encrypt", null, plaintext.length);
  return context.work(parameters.additionalData, plaintext, sealed, (written) => {
    requireLength(written, plaintext.length);
    const tag = sealed.subarray(plaintext.length);
    requireLength(context.finish(tag), 0);
    context.control(EVP_CTRL_AEAD_GET_TAG, tag.length, tag);
    return sealed;
  });
}

/**
 * Sets up a decryption.
 *
 * @param sealed Ciphertext and tag; at least as long as the tag.
 * @returns Its work gives the plaintext; `undefined`, and nothing of it, if the tag is wrong.
 * @throws {OpensslError} As {@linkcode aeadEncrypt}.
 */
export function aeadDecrypt(
  context: CipherContext,
  parameters: AeadParameters,
  sealed: Uint8Array,
): CipherWork<Uint8Array<ArrayBuffer> | undefined> {
  const { cipher, tagLength, additionalData } = parameters;
  const ciphertext = sealed.subarray(0, sealed.length - tagLength);
  const tag = new Uint8Array(sealed.subarray(sealed.length - tagLength));
  const plaintext = new Uint8Array(ciphertext.length);
  start(context, parameters, "decrypt", tag, ciphertext.length);
  return context.work(additionalData, ciphertext, plaintext, (written) => {
    const isOpened = written === ciphertext.length && (cipher.isCcm || isTagRight(context, tag));
    if (isOpened) return plaintext;
    plaintext.fill(0);
    return undefined;
  });
}

/** CCM has checked the tag with the data; the others do it at the end. */
function isTagRight(context: CipherContext, tag: Uint8Array<ArrayBuffer>): boolean {
  context.control(EVP_CTRL_AEAD_SET_TAG, tag.length, tag);
  return context.finish(new Uint8Array(1)) === 0;
}

/** @param tag Of a message to decrypt. */
function start(
  context: CipherContext,
  { cipher, key, nonce, tagLength }: AeadParameters,
  direction: Direction,
  tag: Uint8Array<ArrayBuffer> | null,
  length: number,
): void {
  context.choose(cipher, direction);
  context.control(EVP_CTRL_AEAD_SET_IVLEN, nonce.length, null);
  if (cipher.isCcm) context.control(EVP_CTRL_AEAD_SET_TAG, tagLength, tag);
  context.start(key, nonce, direction);
  if (cipher.isCcm) context.announce(length);
}

function requireLength(found: number | undefined, wanted: number): void {
  if (found !== wanted) {
    throw new RangeError(`Cannot encrypt: libcrypto gave ${found} bytes, wanted ${wanted}`);
  }
}
