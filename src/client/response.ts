/**
 * From the bytes of an answer to the body of the result, trusting nothing.
 */
import { Opcode, type OperationName } from "../opcode.ts";
import { ResponseStatus } from "../status.ts";
import {
  CONTENT_TYPE_PROTOBUF,
  decodeHeaderFields,
  HEADER_FIELDS_SIZE,
  HEADER_SIZE,
  MAGIC,
  WIRE_VERSION,
  type WireHeader,
} from "../wire/header.ts";
import { MalformedResponseError, ServiceError } from "./errors.ts";

/**
 * How long an answer will be, header and body, by its header. For transports, to know when to stop reading.
 *
 * @throws {MalformedResponseError} If this is not the header of an answer.
 */
export function announcedLength(header: Uint8Array): number {
  return HEADER_SIZE + readHeader(header).bodyLength;
}

/**
 * Checks an answer and returns its body, a view into `bytes`.
 *
 * The status comes before the echo: a request whose header the service could not take is answered as if it
 * had been a Ping to provider 0.
 *
 * @throws {MalformedResponseError} If it is cut short, too long, or no answer to this request.
 * @throws {ServiceError} If the status is not Success.
 */
export function decodeResponse(
  bytes: Uint8Array,
  about: { readonly operation: OperationName; readonly provider: number },
): Uint8Array {
  const header = readHeader(bytes);
  const bodyLength = bytes.length - HEADER_SIZE;
  if (bodyLength !== header.bodyLength) {
    throw new MalformedResponseError(
      `a body of ${bodyLength} bytes came, ${header.bodyLength} announced`,
    );
  }
  if (header.status !== ResponseStatus.Success) {
    throw new ServiceError(about.operation, header.status);
  }
  const mismatch = echoProblem(header, about);
  if (mismatch !== undefined) throw new MalformedResponseError(mismatch);
  return bytes.subarray(HEADER_SIZE);
}

function readHeader(bytes: Uint8Array): WireHeader {
  if (bytes.length < HEADER_SIZE) {
    throw new MalformedResponseError(
      `${bytes.length} bytes came, a header of ${HEADER_SIZE} wanted`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const problem = preambleProblem(view);
  if (problem !== undefined) throw new MalformedResponseError(problem);
  return decodeHeaderFields(view);
}

function preambleProblem(view: DataView): string | undefined {
  if (view.getUint32(0, true) !== MAGIC) return "wrong magic number, is this a Parsec service?";
  const size = view.getUint16(4, true);
  if (size !== HEADER_FIELDS_SIZE) return `header size ${size}, ${HEADER_FIELDS_SIZE} wanted`;
  if (view.getUint16(6, true) !== WIRE_VERSION) {
    return `wire protocol version ${view.getUint8(6)}.${view.getUint8(7)}, 1.0 wanted`;
  }
  return undefined;
}

function echoProblem(
  header: WireHeader,
  about: { readonly operation: OperationName; readonly provider: number },
): string | undefined {
  if (header.contentType !== CONTENT_TYPE_PROTOBUF) {
    return `content type ${header.contentType}, ${CONTENT_TYPE_PROTOBUF} wanted`;
  }
  if (header.opcode !== Opcode[about.operation]) {
    return `it answers opcode ${header.opcode}, ${Opcode[about.operation]} was asked`;
  }
  if (header.provider !== about.provider) {
    return `it comes from provider ${header.provider}, ${about.provider} was asked`;
  }
  return undefined;
}
