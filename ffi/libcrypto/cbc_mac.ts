/** CBC-MAC (ISO/IEC 9797-1, MAC algorithm 1), which EVP does not have: made of the cipher's CBC. */
import { freshBytes } from "../runtime/buffer.ts";
import type { Cipher, CipherContext, CipherWork } from "./cipher.ts";
import { crypt } from "./crypt.ts";

/**
 * Sets up the MAC of a message of one or more whole blocks.
 *
 * @param cipher In CBC mode.
 * @returns Its work gives the last block of the ciphertext under an IV of zeros; the blocks before it, which would
 * let anybody make other MACs, are wiped.
 */
export function cbcMac(
  context: CipherContext,
  cipher: Cipher,
  key: Uint8Array,
  message: Uint8Array,
): CipherWork<Uint8Array<ArrayBuffer>> {
  const { blockLength } = cipher;
  if (message.length === 0 || message.length % blockLength !== 0) {
    throw new RangeError(
      `Cannot make a CBC-MAC: found ${message.length} bytes, wanted blocks of ${blockLength}`,
    );
  }
  const ciphertext = freshBytes(message.length + blockLength);
  const parameters = { cipher, key, iv: new Uint8Array(cipher.ivLength), padding: "none" } as const;
  const encryption = crypt(context, parameters, "encrypt", message, ciphertext);
  const lastOf = (length: number | undefined): Uint8Array<ArrayBuffer> => {
    if (length === undefined) throw new RangeError("Cannot make a CBC-MAC: CBC gave nothing");
    const last = ciphertext.slice(length - blockLength, length);
    ciphertext.fill(0);
    return last;
  };
  return {
    now: () => lastOf(encryption.now()),
    elsewhere: async () => lastOf(await encryption.elsewhere()),
    [Symbol.dispose]: () => encryption[Symbol.dispose](),
  };
}
