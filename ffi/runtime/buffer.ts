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
