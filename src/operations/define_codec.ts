/**
 * From a contract's two messages and four pure mappings to a {@linkcode Codec}.
 */
import type { Decode, Encode } from "../../proto/generated/contracts.js";
import { ResponseStatus, StatusError } from "../status.ts";
import { BodyReader } from "./body_reader.ts";
import { writeBody } from "./body_writer.ts";
import type { Codec } from "./codec.ts";

/** Elements of a repeated field that are accepted; no device holds as many keys. */
export const REPEATED_LIMIT = 65_536;

/** Fields in a message without lists; the largest has 30, the rest is for what newer clients may add. */
export const FIELD_LIMIT = 4096;

/** Fields in a message with a list; a listed key has 30. */
const LIST_FIELD_LIMIT = 32 * REPEATED_LIMIT;

/** A message of the contracts, as `proto/generated` has it. */
export interface Message<Wire> {
  readonly encode: Encode<Wire>;
  readonly decode: Decode<Wire>;
}

/** The package of one operation in `proto/generated`. */
export interface Contract<WireOperation, WireResult> {
  readonly Operation: Message<WireOperation>;
  readonly Result: Message<WireResult>;
}

/** Between the messages as the wire has them and as the service uses them. */
export interface Mapping<WireOperation, WireResult, Operation, Result> {
  /** @throws {StatusError} InvalidEncoding if something mandatory is absent or has no meaning. */
  readonly decodeOperation: (wire: WireOperation) => Operation;
  readonly encodeOperation: (operation: Operation) => WireOperation;
  /** @throws {StatusError} As `decodeOperation`. */
  readonly decodeResult: (wire: WireResult) => Result;
  readonly encodeResult: (result: Result) => WireResult;
}

/** @throws {StatusError} DeserializingBodyFailed if the bytes are not the message, or beyond a limit. */
export function decodeMessage<Wire>(
  message: Message<Wire>,
  bytes: Uint8Array,
  fieldLimit = FIELD_LIMIT,
): Wire {
  try {
    return message.decode(new BodyReader(bytes, fieldLimit));
  } catch (cause) {
    const text = "Cannot decode a body: not the protobuf message of its contract";
    throw new StatusError(ResponseStatus.DeserializingBodyFailed, text, { cause });
  }
}

export function encodeMessage<Wire>(message: Message<Wire>, wire: Wire): Uint8Array {
  return writeBody((writer) => message.encode(wire, writer));
}

/** @throws {StatusError} DeserializingBodyFailed if there are too many. */
export function limited<T>(elements: readonly T[]): readonly T[] {
  if (elements.length <= REPEATED_LIMIT) return elements;
  const text =
    `Cannot decode a list: ${elements.length} elements, wanted ${REPEATED_LIMIT} at most`;
  throw new StatusError(ResponseStatus.DeserializingBodyFailed, text);
}

export function defineCodec<WireOperation, WireResult, Operation, Result>(
  contract: Contract<WireOperation, WireResult>,
  mapping: Mapping<WireOperation, WireResult, Operation, Result>,
): Codec<Operation, Result> {
  return {
    decodeOperation: (body) => mapping.decodeOperation(decodeMessage(contract.Operation, body)),
    encodeOperation: (operation) =>
      encodeMessage(contract.Operation, mapping.encodeOperation(operation)),
    decodeResult: (body) =>
      mapping.decodeResult(decodeMessage(contract.Result, body, LIST_FIELD_LIMIT)),
    encodeResult: (result) => encodeMessage(contract.Result, mapping.encodeResult(result)),
  };
}
