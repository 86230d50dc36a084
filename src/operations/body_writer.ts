/**
 * Writes protobuf. Results hold key material and plaintext, so whatever memory a message passed through on
 * its way is wiped; only the returned bytes are left.
 */
import { type Long, Writer } from "protobufjs/minimal";

/** Where messages are written first; most fit. Encoding is synchronous, so there is one at a time. */
const SCRATCH = new Uint8Array(2048);

/** What a message needed beyond that. */
const larger: Uint8Array[] = [];

class BodyWriter extends Writer {
  /** Called by the library for the first buffer and for each larger one. */
  static override alloc(size: number): Uint8Array {
    if (size <= SCRATCH.length) return SCRATCH;
    const buffer = new Uint8Array(size);
    larger.push(buffer);
    return buffer;
  }

  /** A number that was rounded when it was read must not go on as another one. */
  override uint64(value: Long | number | string): Writer {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
      return super.uint64(value);
    }
    throw new RangeError(`Cannot encode a 64-bit field: ${value}, wanted 0 to 2^53 - 1`);
  }

  override string(value: string): Writer {
    if (value.isWellFormed()) return super.string(value);
    throw new TypeError("Cannot encode a text: half a surrogate pair, wanted text that UTF-8 has");
  }
}

function wipe(): void {
  SCRATCH.fill(0);
  for (const buffer of larger) buffer.fill(0);
  larger.length = 0;
}

/** The bytes that `write` writes, in memory of their own. */
export function writeBody(write: (writer: Writer) => unknown): Uint8Array {
  try {
    const writer = new BodyWriter();
    write(writer);
    return writer.finish(true).slice();
  } finally {
    wipe();
  }
}
