/** C strings: bytes up to a NUL. */

const encoder = new TextEncoder();

/**
 * The UTF-8 bytes of a text with the NUL that ends it.
 *
 * @throws {RangeError} If the text has a NUL inside, where C would stop reading.
 */
export function encodeCString(text: string): Uint8Array<ArrayBuffer> {
  if (text.includes("\0")) {
    throw new RangeError("Cannot make a C string: found a NUL in the text, wanted none");
  }
  return encoder.encode(`${text}\0`);
}

/** The text at a `const char *`; the empty text for NULL. Copied: C keeps its memory. */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : new Deno.UnsafePointerView(pointer).getCString();
}
