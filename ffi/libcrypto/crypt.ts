/** Encryption without authentication (EVP_EncryptInit(3)). */
import type { Cipher, CipherContext, Direction } from "./cipher.ts";

export interface CryptParameters {
  readonly cipher: Cipher;
  readonly key: Uint8Array;
  /** As long as the cipher wants it; empty for ECB. */
  readonly iv: Uint8Array;
  readonly padding: "pkcs7" | "none";
}

/**
 * Encrypts or decrypts a whole message.
 *
 * @returns `undefined` if the library refuses it: wrong padding, or a length that is not of whole blocks.
 */
export function crypt(
  context: CipherContext,
  { cipher, key, iv, padding }: CryptParameters,
  direction: Direction,
  input: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  const output = new Uint8Array(input.length + cipher.blockLength);
  try {
    context.choose(cipher, direction);
    context.setPadding(padding);
    context.start(key, iv, direction);
    const length = input.length === 0 ? 0 : context.update(input, output);
    if (length !== undefined) {
      const rest = context.finish(output.subarray(length));
      if (rest !== undefined) return output.subarray(0, length + rest);
    }
    output.fill(0);
    return undefined;
  } finally {
    context.reset();
  }
}
