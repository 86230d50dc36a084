/** Bytes on their way into a native call. */

const EMPTY = new Uint8Array(1);

/**
 * What a call is given for some bytes. Empty ones get an address too: JavaScript would pass NULL for them,
 * which C libraries read as "no argument" rather than "no bytes".
 *
 * The memory is never shared between threads of JavaScript, which is all that the type adds.
 */
export function asBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return (bytes.length === 0 ? EMPTY : bytes) as Uint8Array<ArrayBuffer>;
}

/** Bytes of a slab, and most of what is cut from one. */
const SLAB_LENGTH = 16_384;
const CUT_LENGTH = 2048;
/** Cuts begin at multiples of this, bytes. */
const CUT_ALIGNMENT = 8;

let slab = new ArrayBuffer(SLAB_LENGTH);
let cutAt = 0;

/**
 * Zeroed bytes for the result of a call. Short ones are cut from a larger array, since making an array of its own
 * takes longer than many a call (measured: 180 ns for 32 bytes, a cut 40 ns). No byte is given out twice; the array
 * lives as long as one of its cuts. So use the view's own offset, and never pass its `buffer` on.
 */
export function freshBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > CUT_LENGTH) return new Uint8Array(length);
  if (cutAt + length > SLAB_LENGTH) {
    slab = new ArrayBuffer(SLAB_LENGTH);
    cutAt = 0;
  }
  const cut = new Uint8Array(slab, cutAt, length);
  cutAt = Math.ceil((cutAt + length) / CUT_ALIGNMENT) * CUT_ALIGNMENT;
  return cut;
}
