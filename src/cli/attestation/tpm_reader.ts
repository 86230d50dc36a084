/** Reads what a TPM writes: big-endian numbers, and bytes after their 16-bit length (TPM 2.0 Library, part 2). */
export class TpmReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws {RangeError} If the bytes end before, as all of these. */
  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  /** A TPM2B: its bytes, a view. */
  sized(): Uint8Array {
    const length = this.u16();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new RangeError("it is cut off");
    this.#at += length;
    return start;
  }
}

/** A TPM2B around these bytes. */
export function tpm2b(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(2 + bytes.length);
  new DataView(whole.buffer).setUint16(0, bytes.length);
  whole.set(bytes, 2);
  return whole;
}
