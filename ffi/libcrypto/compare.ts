/** Comparing what must not be learnt byte by byte. */
import { asBuffer } from "../runtime/buffer.ts";
import type { Libcrypto } from "./library.ts";

/** Whether the bytes are the same, in a time that only depends on the length, which is no secret. */
export function equalConstantTime(library: Libcrypto, a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  return library.c.CRYPTO_memcmp(asBuffer(a), asBuffer(b), BigInt(a.length)) === 0;
}
