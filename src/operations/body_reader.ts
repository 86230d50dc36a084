/**
 * Reads protobuf as strictly as the protocol wants: what is no valid message fails, and nothing of a
 * body is copied or allocated beyond its own size.
 *
 * Over protobufjs's reader this bounds nesting, the number of fields and the length of skipped numbers,
 * and reads 64-bit fields as numbers. That strings are UTF-8 and known fields have their wire type is
 * seen to in the generated code.
 */
import { type Long, Reader } from "protobufjs/minimal";

/** Messages and unknown groups inside each other; the contracts need 9. */
export const NESTING_LIMIT = 16;

/** Bytes of the longest number: 64 bits in groups of 7. */
const VARINT_LIMIT = 10;

export class BodyReader extends Reader {
  readonly #fieldLimit: number;
  #fields = 0;

  /**
   * @param fieldLimit Fields in all messages of the body together, known or not: what a field costs is
   * little, but a body of 1 MiB has room for half a million.
   */
  constructor(body: Uint8Array, fieldLimit: number) {
    super(body);
    this.#fieldLimit = fieldLimit;
  }

  override tag(): number {
    if (++this.#fields <= this.#fieldLimit) return super.tag();
    throw new RangeError(`Cannot read a body: more than ${this.#fieldLimit} fields`);
  }

  /**
   * A 64-bit field as a number, rounded beyond 2^53 (the declared type is the library's own, which is not
   * used here).
   */
  override uint64(): Long {
    let value = 0;
    for (let i = 0, scale = 1; i < VARINT_LIMIT; i++, scale *= 0x80) {
      const byte = this.pos < this.len ? this.buf[this.pos++] : undefined;
      if (byte === undefined) throw new RangeError("Cannot read a number: the message ends in it");
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      if (i === VARINT_LIMIT - 1 && byte > 1) break;
      return value as unknown as Long;
    }
    throw new RangeError("Cannot read a number: more than 64 bits");
  }

  /** @param length Bytes to skip; absent: one number. */
  override skip(length?: number): Reader {
    if (length !== undefined) return super.skip(length);
    this.uint64();
    return this;
  }

  override skipType(wireType: number, depth = 0, fieldNumber?: number): Reader {
    if (depth <= NESTING_LIMIT) return super.skipType(wireType, depth, fieldNumber);
    throw new RangeError(`Cannot skip a field: nested deeper than ${NESTING_LIMIT}`);
  }
}
