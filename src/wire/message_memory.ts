/**
 * Memory of messages: cheap for the many small ones, and given back at once for the few large ones.
 *
 * An array of its own costs a third of a microsecond and work for the garbage collector (measured: 330 ns
 * against 30), so small ones are cut from a larger piece. A large one would stay until the collector comes
 * round, which under many large requests is late: it is freed by hand.
 *
 * No byte is given out twice, so what one request leaves in its memory is never seen by another.
 */

const SLAB_SIZE = 8192;
const LARGEST_CUT = 512;
/** From here on freeing by hand is worth its microsecond. */
const LARGE = 32 * 1024;

let slab = new Uint8Array(SLAB_SIZE);
let used = 0;

/** Zeroed bytes, never given out before. They may share their `buffer` with others: use the view only. */
export function allocateBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > LARGEST_CUT) return new Uint8Array(length);
  if (used + length > SLAB_SIZE) {
    slab = new Uint8Array(SLAB_SIZE);
    used = 0;
  }
  const bytes = slab.subarray(used, used + length);
  used += length;
  return bytes;
}

/**
 * Zeroes bytes that nobody uses any more, and frees them if they are many and have their `buffer` for
 * themselves: they and every view on them are empty then.
 */
export function releaseBytes(bytes: Uint8Array): void {
  const { buffer, length } = bytes;
  if (length === 0) return;
  bytes.fill(0);
  if (length < LARGE || buffer.byteLength !== length) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
