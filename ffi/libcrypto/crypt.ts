/** Encryption without authentication (EVP_EncryptInit(3)). */
import { freshBytes } from "../runtime/buffer.ts";
import type { Cipher, CipherContext, CipherWork, Direction } from "./cipher.ts";

export interface CryptParameters {
  readonly cipher: Cipher;
  /** As long as the cipher's, but for those that take keys of any length (RC4). */
  readonly key: Uint8Array;
  /** As long as the cipher wants it; empty for ECB. */
  readonly iv: Uint8Array;
  readonly padding: "pkcs7" | "none";
}

const NO_DATA = new Uint8Array();

/**
 * Sets up the encryption or decryption of a whole message.
 *
 * @returns Its work gives `undefined` if the library refuses the message: wrong padding, or a length that is
 * not of whole blocks.
 */
export function crypt(
  context: CipherContext,
  { cipher, key, iv, padding }: CryptParameters,
  direction: Direction,
  input: Uint8Array,
): CipherWork<Uint8Array<ArrayBuffer> | undefined> {
  const output = freshBytes(input.length + cipher.blockLength);
  if (key.length === cipher.keyLength) {
    context.begin(cipher, key, iv, direction);
  } else {
    context.choose(cipher, direction);
    context.setKeyLength(key.length);
    context.start(key, iv, direction);
  }
  context.setPadding(padding);
  return context.work(NO_DATA, input, output, (written) => {
    const rest = written === undefined ? undefined : context.finish(output.subarray(written));
    if (written !== undefined && rest !== undefined) return output.subarray(0, written + rest);
    output.fill(0);
    return undefined;
  });
}
