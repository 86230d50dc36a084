/** Random bytes of libcrypto's two generators (RAND_bytes(3)), seeded from the operating system. */
import { freshBytes } from "../runtime/buffer.ts";
import type { Libcrypto } from "./library.ts";

/** Most bytes of one call: an `int`. */
export const MAX_RANDOM_LENGTH = 0x7fff_ffff;

/** Bytes that anybody may see. */
export function randomBytes(library: Libcrypto, length: number): Uint8Array<ArrayBuffer> {
  const bytes = freshBytes(length);
  fillRandom(library, bytes);
  return bytes;
}

/** Fills with what {@linkcode randomBytes} gives. */
export function fillRandom(library: Libcrypto, bytes: Uint8Array<ArrayBuffer>): void {
  if (bytes.length === 0) return;
  library.check("RAND_bytes", library.c.RAND_bytes(bytes, bytes.length));
}

/** Bytes that stay secret, from the generator that never gives any away. */
export function secretRandomBytes(library: Libcrypto, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  if (length > 0) library.check("RAND_priv_bytes", library.c.RAND_priv_bytes(bytes, length));
  return bytes;
}
