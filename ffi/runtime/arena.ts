/**
 * The memory of one native call.
 *
 * What is passed to a call directly stays alive by itself; what C only knows by an address inside another
 * struct does not, and the garbage collector may take it while C reads. An arena holds such memory
 * until it is disposed, and zeroes it then: it may be key material.
 */
import { encodeCString } from "./cstring.ts";

/** The address of a view's first byte. It keeps nothing alive. */
export function addressOf(view: Uint8Array | BigUint64Array): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(view as Uint8Array<ArrayBuffer>));
}

export class Arena implements Disposable {
  readonly #blocks: Uint8Array[] = [];

  /**
   * Zeroed memory whose address does not change. At least one byte is behind it, so that the address of
   * an empty block is one too.
   *
   * @param length Bytes.
   */
  alloc(length: number): Uint8Array<ArrayBuffer> {
    const block = new Uint8Array(new ArrayBuffer(Math.max(length, 1)));
    this.#blocks.push(block);
    return block.subarray(0, length);
  }

  /** A copy of the bytes that lives, and is zeroed, with the arena. */
  copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const block = this.alloc(bytes.length);
    block.set(bytes);
    return block;
  }

  /** A NUL-terminated copy of the text. */
  cstring(text: string): Uint8Array<ArrayBuffer> {
    return this.copy(encodeCString(text));
  }

  [Symbol.dispose](): void {
    for (const block of this.#blocks) block.fill(0);
    this.#blocks.length = 0;
  }
}
