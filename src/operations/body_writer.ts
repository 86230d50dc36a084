/**
 * Writes protobuf. Results hold key material and plaintext, so whatever memory a message passed
 * through on
 * its way is wiped; only the returned bytes are left.
 */
import { Writer } from "protobufjs/minimal";

/** The buffers of the message being written: encoding is synchronous, so there is one at a time. */
const buffers: Uint8Array[] = [];

class BodyWriter extends Writer {
  /** Called by the library for the first buffer and for each larger one. */
  static override alloc(size: number): Uint8Array {
    const buffer = new Uint8Array(size);
    buffers.push(buffer);
    return buffer;
  }

  override string(value: string): Writer {
    if (value.isWellFormed()) return super.string(value);
    throw new TypeError("Cannot encode a text: half a surrogate pair, wanted text that UTF-8 has");
  }
}

/** The bytes that `write` writes, in memory of their own. */
export function writeBody(write: (writer: Writer) => unknown): Uint8Array {
  try {
    const writer = new BodyWriter();
    write(writer);
    return writer.finish(true).slice();
  } finally {
    for (const buffer of buffers) buffer.fill(0);
    buffers.length = 0;
  }
}
