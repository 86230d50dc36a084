/** Encryption without authentication (EVP_EncryptInit(3)). */
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
 * @param output Has room for the input and a block more.
 * @returns Its work gives how many bytes came out; `undefined`, and nothing of them, if the library refuses the
 * message: wrong padding, or a length that is not of whole blocks.
 */
export function crypt(
  context: CipherContext,
  { cipher, key, iv, padding }: CryptParameters,
  direction: Direction,
  input: Uint8Array,
  output: Uint8Array<ArrayBuffer>,
): CipherWork<number | undefined> {
  if (key.length === cipher.keyLength) {
    context.begin(cipher, key, iv, direction);
  } else {
    context.choose(cipher, direction);
    context.setKeyLength(key.length);
    context.start(key, iv, direction);
  }
  // What works like a stream has none, and whoever says nothing gets PKCS#7.
  if (padding === "none" && cipher.blockLength > 1) context.omitPadding();
  return context.work(NO_DATA, input, output, (written) => {
    const rest = written === undefined ? undefined : context.finish(output.subarray(written));
    if (written !== undefined && rest !== undefined) return written + rest;
    output.fill(0);
    return undefined;
  });
}
