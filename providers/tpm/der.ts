/** The little of DER (X.690) that key files need. */

export const DerTag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  OID: 0x06,
  SEQUENCE: 0x30,
} as const;

/** Nothing that is read here has more. */
const MOST_LENGTH_BYTES = 2;

/** An element around these contents. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, { length }) => sum + length, 0);
  const head = Uint8Array.of(tag, ...lengthBytes(length));
  const element = new Uint8Array(head.length + length);
  element.set(head);
  let at = head.length;
  for (const each of contents) {
    element.set(each, at);
    at += each.length;
  }
  return element;
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}

export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Of the next element; -1 at the end. */
  get nextTag(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  /** The contents of the next element, a view. @throws {RangeError} If it has another tag, or is cut. */
  element(tag: number): Uint8Array {
    const found = this.#byte();
    if (found !== tag) throw new RangeError(`Cannot read DER: found tag ${found}, wanted ${tag}`);
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw cut();
    const contents = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return contents;
  }

  /** @throws {RangeError} If there is more. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new RangeError(`Cannot read DER: found ${left} bytes too many`);
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > MOST_LENGTH_BYTES) {
      throw new RangeError(`Cannot read DER: found a length of ${count} bytes, wanted 1 or 2`);
    }
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    return length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw cut();
    this.#at++;
    return byte;
  }
}

function cut(): RangeError {
  return new RangeError("Cannot read DER: it is cut off");
}
