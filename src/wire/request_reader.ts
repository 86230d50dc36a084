/**
 * From a stream of bytes to one request, or to the status that refuses it.
 *
 * The order of the checks decides which status a doubly wrong request gets (Parsec book, "Wire Protocol";
 * clients' tests depend on it): magic, header size, version, reserved bytes, body size.
 */
import { ResponseStatus } from "../status.ts";
import {
  decodeHeaderFields,
  HEADER_FIELDS_SIZE,
  HEADER_SIZE,
  MAGIC,
  PREAMBLE_SIZE,
  WIRE_VERSION,
  type WireHeader,
} from "./header.ts";
import { allocateBytes, releaseBytes } from "./message_memory.ts";

/** A request as it came: nothing but the framing has been checked. */
export interface RawRequest {
  readonly header: WireHeader;
  readonly body: Uint8Array;
  readonly auth: Uint8Array;
}

export type ReadProgress =
  | { readonly kind: "incomplete" }
  | { readonly kind: "complete"; readonly request: RawRequest }
  /** Nothing more is to be read; answer with the default header and this status. */
  | { readonly kind: "refused"; readonly status: ResponseStatus };

const NOTHING = new Uint8Array(0);

/** A header may announce any size for itself, and is only refused when all of it is there. */
const LONGEST_HEADER = PREAMBLE_SIZE + 0xffff;

const INCOMPLETE: ReadProgress = { kind: "incomplete" };

function refused(status: ResponseStatus): ReadProgress {
  return { kind: "refused", status };
}

/**
 * Gathers one request. Memory grows with the bytes that arrived, never with the lengths announced, and is
 * bounded by header, body limit and the largest authentication field (65,535 bytes).
 */
export class RequestReader {
  readonly #bodyLengthLimit: number;
  #buffer: Uint8Array = NOTHING;
  #length = 0;
  #header: WireHeader | undefined;

  constructor(limits: { readonly bodyLengthLimit: number }) {
    this.#bodyLengthLimit = limits.bodyLengthLimit;
  }

  /** Bytes gathered. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that will have been gathered in the end, at most. */
  get announcedLength(): number {
    if (this.#header === undefined) return LONGEST_HEADER;
    return HEADER_SIZE + this.#header.bodyLength + this.#header.authLength;
  }

  /**
   * Takes the next bytes of the stream; they are copied. Bytes after the request are ignored: a connection
   * carries one request.
   */
  push(chunk: Uint8Array): ReadProgress {
    this.#append(chunk);
    if (this.#header === undefined) {
      const progress = this.#readHeader();
      if (progress !== undefined) return progress;
    }
    return this.#readPayload();
  }

  /** Overwrites and lets go of what was gathered: it may hold key material and tokens. */
  wipe(): void {
    releaseBytes(this.#buffer);
    this.#buffer = NOTHING;
    this.#length = 0;
  }

  #append(received: Uint8Array): void {
    const chunk = this.#header === undefined ? received : this.#cutToRequest(received);
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const doubled = Math.min(this.#length * 2, this.announcedLength);
      const grown = allocateBytes(Math.max(needed, doubled));
      grown.set(this.#buffer.subarray(0, this.#length));
      releaseBytes(this.#buffer);
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
  }

  #cutToRequest(chunk: Uint8Array): Uint8Array {
    const missing = this.announcedLength - this.#length;
    return chunk.length > missing ? chunk.subarray(0, missing) : chunk;
  }

  /** Returns `undefined` once the header is there and good. */
  #readHeader(): ReadProgress | undefined {
    const view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, this.#length);
    if (this.#length < 4) return INCOMPLETE;
    if (view.getUint32(0, true) !== MAGIC) return refused(ResponseStatus.InvalidHeader);
    if (this.#length < PREAMBLE_SIZE) return INCOMPLETE;
    const fieldsSize = view.getUint16(4, true);
    if (this.#length < PREAMBLE_SIZE + fieldsSize) return INCOMPLETE;
    if (fieldsSize !== HEADER_FIELDS_SIZE) return refused(ResponseStatus.InvalidHeader);
    if (view.getUint16(6, true) !== WIRE_VERSION) {
      return refused(ResponseStatus.WireProtocolVersionNotSupported);
    }
    const header = decodeHeaderFields(view);
    if (header.reserved1 !== 0 || header.reserved2 !== 0) {
      return refused(ResponseStatus.InvalidHeader);
    }
    if (header.bodyLength > this.#bodyLengthLimit) {
      return refused(ResponseStatus.BodySizeExceedsLimit);
    }
    this.#header = header;
    return undefined;
  }

  #readPayload(): ReadProgress {
    const header = this.#header!;
    const bodyEnd = HEADER_SIZE + header.bodyLength;
    const authEnd = this.announcedLength;
    if (this.#length < authEnd) return INCOMPLETE;
    const body = this.#buffer.subarray(HEADER_SIZE, bodyEnd);
    const auth = this.#buffer.subarray(bodyEnd, authEnd);
    return { kind: "complete", request: { header, body, auth } };
  }
}
