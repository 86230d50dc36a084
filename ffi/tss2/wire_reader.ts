/** Reads the TPM's wire form; the counterpart of `wire_writer.ts`. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  /** The next bytes, a copy. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const start = this.#advance(length);
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  /** A TPM2B: its bytes, a copy. */
  sized(): Uint8Array<ArrayBuffer> {
    return this.bytes(this.u16());
  }

  /** @throws {RangeError} If there is more. */
  end(): void {
    if (this.left > 0) {
      throw new RangeError(`Cannot read: ${this.left} bytes too many, wanted none`);
    }
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.left) {
      throw new RangeError(`Cannot read ${length} bytes: ${this.left} are left`);
    }
    this.#at = start + length;
    return start;
  }
}
