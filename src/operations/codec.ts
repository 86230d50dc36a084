/**
 * What every operation of the wire protocol brings: its two messages, to and from protobuf.
 *
 * Pure: no I/O, no policy. Strings are valid UTF-8, enumerations are members, mandatory messages are
 * there; whether the operation makes sense is decided later, by the rules.
 */
export interface Codec<Operation, Result> {
  /**
   * @param body The request's body; the decoded operation may hold views into it.
   * @throws {StatusError} DeserializingBodyFailed if it is not the protobuf message, or goes beyond a limit
   * of depth, count or size; InvalidEncoding if a mandatory field is absent or an enumeration's value is
   * unknown.
   */
  decodeOperation(body: Uint8Array): Operation;
  encodeOperation(operation: Operation): Uint8Array;
  /** @throws {StatusError} As {@linkcode decodeOperation}. */
  decodeResult(body: Uint8Array): Result;
  encodeResult(result: Result): Uint8Array;
}
