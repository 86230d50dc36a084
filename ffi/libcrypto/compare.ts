/** Comparing what must not be learnt byte by byte. */
import { asBuffer } from "../runtime/buffer.ts";
import type { Libcrypto } from "./library.ts";

/** Whether the bytes are the same, in a time that only depends on the length, which is no secret. */
export function equalConstantTime(library: Libcrypto, a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  return library.c.CRYPTO_memcmp(asBuffer(a), asBuffer(b), BigInt(a.length)) === 0;
}

/**
 * Whether min <= number < end, all big-endian; `number` and `end` are of one length. Reads every byte whatever
 * the values are: the number is secret.
 *
 * @param min Less than 256.
 */
export function isNumberInRange(number: Uint8Array, min: number, end: Uint8Array): boolean {
  let belowEnd = 0;
  let belowMin = 0;
  for (let i = number.length - 1; i >= 0; i--) {
    const byte = number[i] ?? 0;
    belowEnd = borrow(byte, end[i] ?? 0, belowEnd);
    belowMin = borrow(byte, i === number.length - 1 ? min : 0, belowMin);
  }
  return (belowEnd & (belowMin ^ 1)) === 1;
}

/** What a - b takes from the next higher byte: 0 or 1. */
function borrow(a: number, b: number, taken: number): number {
  return ((a - b - taken) >> 8) & 1;
}
