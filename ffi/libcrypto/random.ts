/** Random bytes of libcrypto's two generators (RAND_bytes(3)), seeded from the operating system. */
import { freshBytes } from "../runtime/buffer.ts";
import type { Libcrypto } from "./library.ts";

/** Most bytes of one call: an `int`. */
export const MAX_RANDOM_LENGTH = 0x7fff_ffff;

/** Bytes that anybody may see. */
export function randomBytes(library: Libcrypto, length: number): Uint8Array<ArrayBuffer> {
  const bytes = freshBytes(length);
  if (length > 0) library.check("RAND_bytes", library.c.RAND_bytes(bytes, length));
  return bytes;
}

/** Bytes that stay secret, from the generator that never gives any away. */
export function secretRandomBytes(library: Libcrypto, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  if (length > 0) library.check("RAND_priv_bytes", library.c.RAND_priv_bytes(bytes, length));
  return bytes;
}
