/**
 * The little of DER (X.690) that keys and signatures need: sequences of non-negative integers. Strict: what is
 * not in the one canonical form is refused.
 */

const INTEGER = 0x02;
const SEQUENCE = 0x30;
/** Longest length field read: 4 GiB are more than any request. */
const MAX_LENGTH_BYTES = 4;

function refuse(found: string, wanted: string): RangeError {
  return new RangeError(`Cannot read DER: found ${found}, wanted ${wanted}`);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The contents of the next element, a view. */
  element(tag: number): Uint8Array {
    const found = this.#byte();
    if (found !== tag) throw refuse(`tag ${found}`, `${tag}`);
    const length = this.#length();
    const start = this.#at;
    if (length > this.#bytes.length - start) {
      throw refuse(`${this.#bytes.length - start} bytes`, `${length}`);
    }
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw refuse("the end", "another element");
    return byte;
  }

  /** Definite, and in the shortest form. */
  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > MAX_LENGTH_BYTES) throw refuse(`${count} length bytes`, "1 to 4");
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    const shortest = length >= 0x80 && length >= 256 ** (count - 1);
    if (!shortest) throw refuse("a long form of a length", "the shortest");
    return length;
  }
}

/** Drops the zero that keeps an INTEGER positive. Zero itself is the empty magnitude. */
function magnitude(contents: Uint8Array): Uint8Array {
  const [first, second] = contents;
  if (first === undefined) throw refuse("an empty integer", "at least one byte");
  if (first >= 0x80) throw refuse("a negative integer", "a non-negative one");
  if (first !== 0) return contents;
  if (second !== undefined && second < 0x80) throw refuse("a padded integer", "the shortest form");
  return contents.subarray(1);
}

/**
 * Reads a SEQUENCE of non-negative INTEGERs that fills the bytes.
 *
 * @returns The numbers, big-endian without leading zeros (zero is empty): views into `der`.
 * @throws {RangeError} If it is anything else, or not canonical.
 */
export function readUnsignedSequence(der: Uint8Array): readonly Uint8Array[] {
  const outer = new Reader(der);
  const sequence = new Reader(outer.element(SEQUENCE));
  if (!outer.done) throw refuse("bytes after the sequence", "none");
  const numbers: Uint8Array[] = [];
  while (!sequence.done) numbers.push(magnitude(sequence.element(INTEGER)));
  return numbers;
}

/** Writes the SEQUENCE of INTEGERs. The numbers are big-endian and may have leading zeros. */
export function writeUnsignedSequence(numbers: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bodies = numbers.map(withoutLeadingZeros);
  const lengths = bodies.map((body) => body.length + (needsZero(body) ? 1 : 0));
  const contents = lengths.reduce((sum, length) => sum + headerLength(length) + length, 0);
  const der = new Uint8Array(headerLength(contents) + contents);
  let at = writeHeader(der, 0, SEQUENCE, contents);
  bodies.forEach((body, i) => {
    const length = lengths[i] ?? 0;
    at = writeHeader(der, at, INTEGER, length);
    der.set(body, at + length - body.length);
    at += length;
  });
  return der;
}

function withoutLeadingZeros(number: Uint8Array): Uint8Array {
  let start = 0;
  while (number[start] === 0) start++;
  return number.subarray(start);
}

/** Zero needs one byte, and a number whose top bit is set must not look negative. */
function needsZero(body: Uint8Array): boolean {
  return (body[0] ?? 0x80) >= 0x80;
}

function lengthBytes(length: number): number {
  return length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
}

function headerLength(length: number): number {
  return 2 + lengthBytes(length);
}

function writeHeader(der: Uint8Array, at: number, tag: number, length: number): number {
  const count = lengthBytes(length);
  der[at] = tag;
  der[at + 1] = count === 0 ? length : 0x80 | count;
  for (let i = 0; i < count; i++) der[at + 1 + count - i] = (length / 256 ** i) & 0xff;
  return at + 2 + count;
}
