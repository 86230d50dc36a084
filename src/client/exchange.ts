/**
 * The client's end of a transport: one request in, one answer out, on a connection of its own
 * (Parsec book, "Wire Protocol": a connection carries one request).
 */

/**
 * Sends a request and returns the answer's bytes, header and body, complete or as far as they came.
 *
 * The caller zeroes `request` when the promise settles: an implementation that keeps it must copy it.
 *
 * @throws {UnreachableError} If there is nobody to answer, or no answer in time.
 */
export type Exchange = (request: Uint8Array) => Promise<Uint8Array>;

/** Largest answer a client takes, bytes: well over what a service sends (it limits itself to 1 MiB). */
export const DEFAULT_RESPONSE_LIMIT = 16 * 1024 * 1024;

/** parsec-tool's time for one request, ms. */
export const DEFAULT_TIMEOUT_MS = 60_000;
