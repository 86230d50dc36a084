/**
 * The fixed header of requests and responses: 36 bytes, little-endian, no padding.
 *
 * Source: Parsec book, "Wire Protocol".
 *
 * | offset | size | field |
 * |---:|---:|---|
 * | 0 | 4 | magic |
 * | 4 | 2 | bytes of header that follow this field: 30 |
 * | 6 | 1 + 1 | version, major and minor: 1.0 |
 * | 8 | 2 | flags: 0, ignored |
 * | 10 | 1 | provider |
 * | 11 | 8 | session handle: opaque, echoed |
 * | 19 | 1 | content type |
 * | 20 | 1 | accept type |
 * | 21 | 1 | authentication type |
 * | 22 | 4 | body length |
 * | 26 | 2 | authentication length |
 * | 28 | 4 | opcode |
 * | 32 | 2 | status: ignored in requests |
 * | 34 | 1 + 1 | reserved, must be 0 |
 */
export const MAGIC = 0x5ec0a710;
export const PREAMBLE_SIZE = 6;
export const HEADER_FIELDS_SIZE = 30;
export const HEADER_SIZE = PREAMBLE_SIZE + HEADER_FIELDS_SIZE;

/** Version 1.0 as the two version bytes read together: major is the low one. */
export const WIRE_VERSION = 0x0001;
export const WIRE_VERSION_MAJOR = 1;
export const WIRE_VERSION_MINOR = 0;

/** The only body encoding there is. */
export const CONTENT_TYPE_PROTOBUF = 0;

export interface WireHeader {
  readonly provider: number;
  /** u64, opaque */
  readonly session: bigint;
  readonly contentType: number;
  readonly acceptType: number;
  readonly authType: number;
  /** bytes */
  readonly bodyLength: number;
  /** bytes */
  readonly authLength: number;
  readonly opcode: number;
  readonly status: number;
  readonly reserved1: number;
  readonly reserved2: number;
}

/**
 * Reads the fields behind magic, size and version, which the caller has checked.
 *
 * @param view At least {@linkcode HEADER_SIZE} bytes.
 * @throws {RangeError} If there are fewer.
 */
export function decodeHeaderFields(view: DataView): WireHeader {
  return {
    provider: view.getUint8(10),
    session: view.getBigUint64(11, true),
    contentType: view.getUint8(19),
    acceptType: view.getUint8(20),
    authType: view.getUint8(21),
    bodyLength: view.getUint32(22, true),
    authLength: view.getUint16(26, true),
    opcode: view.getUint32(28, true),
    status: view.getUint16(32, true),
    reserved1: view.getUint8(34),
    reserved2: view.getUint8(35),
  };
}

/**
 * Writes a header into the first {@linkcode HEADER_SIZE} bytes of a message.
 *
 * @throws {RangeError} If the message is shorter.
 */
export function encodeHeader(header: WireHeader, message: Uint8Array): void {
  const view = new DataView(message.buffer, message.byteOffset, HEADER_SIZE);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, HEADER_FIELDS_SIZE, true);
  view.setUint16(6, WIRE_VERSION, true);
  view.setUint16(8, 0, true);
  view.setUint8(10, header.provider);
  view.setBigUint64(11, header.session, true);
  view.setUint8(19, header.contentType);
  view.setUint8(20, header.acceptType);
  view.setUint8(21, header.authType);
  view.setUint32(22, header.bodyLength, true);
  view.setUint16(26, header.authLength, true);
  view.setUint32(28, header.opcode, true);
  view.setUint16(32, header.status, true);
  view.setUint8(34, header.reserved1);
  view.setUint8(35, header.reserved2);
}
