/**
 * Writes the TPM's wire form: big-endian numbers, and byte strings after their length in two bytes (TPM 2.0
 * Library, part 1, section 4 "Notation", and part 2, section 10: TPM2B).
 */
export class WireWriter {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #length = 0;

  /** @param capacity Most bytes that will be written. The memory never moves, so it can be wiped. */
  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#advance(1), value);
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#advance(2), value);
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#advance(4), value);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.#advance(value.length));
    return this;
  }

  /** A TPM2B: the length, then the bytes. */
  sized(value: Uint8Array): this {
    return this.u16(value.length).bytes(value);
  }

  /** A TPM2B around a structure. */
  nested(write: (writer: this) => void): this {
    const start = this.#advance(2);
    write(this);
    this.#view.setUint16(start, this.#length - start - 2);
    return this;
  }

  /** What was written, a copy; the writer's own memory is wiped. */
  finish(): Uint8Array<ArrayBuffer> {
    const written = this.#bytes.slice(0, this.#length);
    this.#bytes.fill(0);
    this.#length = 0;
    return written;
  }

  #advance(length: number): number {
    const start = this.#length;
    if (length > this.#bytes.length - start) {
      throw new RangeError(
        `Cannot write ${length} bytes: ${
          this.#bytes.length - start
        } of ${this.#bytes.length} are left`,
      );
    }
    this.#length = start + length;
    return start;
  }
}
