/** The padding of OAEP (RFC 8017, section 7.1), for devices that only do the exponentiation. */
import { asBuffer } from "../runtime/buffer.ts";
import type { Digest } from "./digest.ts";
import type { Libcrypto } from "./library.ts";

/**
 * Takes the padding off, in a time that does not depend on what is wrong with it (Manger's attack).
 *
 * @param encoded What the exponentiation gave, as long as the modulus; not changed.
 * @param digest Of the label and of MGF1.
 * @returns The plaintext, for the caller to wipe; `undefined` if the padding is wrong, for whatever reason.
 */
export function removeOaepPadding(
  library: Libcrypto,
  encoded: Uint8Array,
  digest: Digest,
  label: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  const plaintext = new Uint8Array(encoded.length);
  const length = library.c.RSA_padding_check_PKCS1_OAEP_mgf1(
    plaintext,
    plaintext.length,
    asBuffer(encoded),
    encoded.length,
    encoded.length,
    asBuffer(label),
    label.length,
    digest.pointer,
    digest.pointer,
  );
  if (length >= 0) return plaintext.subarray(0, length);
  library.clearErrors();
  plaintext.fill(0);
  return undefined;
}
