/**
 * Requests over a Unix socket, with a deadline for the whole of connecting, sending and receiving.
 *
 * Deno asks for --allow-read and --allow-write of the socket's path and --allow-net of `unix:<path>`; a path
 * known only at run time means all three without a list.
 */
import { HEADER_SIZE } from "../wire/header.ts";
import { MalformedResponseError, UnreachableError } from "./errors.ts";
import { DEFAULT_RESPONSE_LIMIT, DEFAULT_TIMEOUT_MS, type Exchange } from "./exchange.ts";
import { announcedLength } from "./response.ts";

/** How long to wait before a full queue of connections is tried again, ms. */
const BUSY_PAUSE_MS = 10;

/** A timer set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What is used of a connection. */
export interface Connection {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  /** Makes reads and writes under way fail. */
  close(): void;
}

export interface UnixExchangeOptions {
  /** For one request in all; 0 waits for ever. */
  readonly timeoutMs?: number;
  /** Largest answer taken, bytes. */
  readonly responseLimit?: number;
  /** In place of the system's, for tests. */
  readonly connect?: (path: string) => Promise<Connection>;
}

/** @param path Absolute path of the socket. */
export function unixExchange(path: string, options: UnixExchangeOptions = {}): Exchange {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const limit = options.responseLimit ?? DEFAULT_RESPONSE_LIMIT;
  const connect = options.connect ?? connectUnix;
  return async (request) => {
    const deadline = new Deadline(timeoutMs);
    const connection = await connectInTime(path, connect, deadline);
    const timer = deadline.onExpiry(() => connection.close());
    try {
      return await converse(connection, request, limit);
    } catch (error) {
      if (deadline.expired) throw noAnswer(path, timeoutMs);
      if (error instanceof MalformedResponseError) throw error;
      throw new UnreachableError("closed", path, "the connection broke before an answer", {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
      // After expiry it is closed already, and a second close would throw.
      if (!deadline.expired) connection.close();
    }
  };
}

class Deadline {
  readonly #end: number;
  expired = false;

  constructor(timeoutMs: number) {
    this.#end = timeoutMs === 0 ? Infinity : performance.now() + timeoutMs;
  }

  get remainingMs(): number {
    return Math.max(0, this.#end - performance.now());
  }

  onExpiry(act: () => void): ReturnType<typeof setTimeout> | undefined {
    if (this.#end === Infinity) return undefined;
    return setTimeout(() => {
      this.expired = true;
      act();
    }, Math.min(this.remainingMs, LONGEST_TIMER_MS));
  }
}

function noAnswer(path: string, timeoutMs: number): UnreachableError {
  return new UnreachableError("timeout", path, `no answer within ${timeoutMs / 1000} s`);
}

function connectUnix(path: string): Promise<Connection> {
  return Deno.connect({ transport: "unix", path });
}

/** A queue that is full (EAGAIN) is waited for; a blocking client would wait in the kernel. */
async function connectInTime(
  path: string,
  connect: (path: string) => Promise<Connection>,
  deadline: Deadline,
): Promise<Connection> {
  while (true) {
    try {
      return await connect(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw await explain(path, error);
      if (deadline.remainingMs === 0) {
        throw new UnreachableError("busy", path, "its queue of connections stays full", {
          cause: error,
        });
      }
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(BUSY_PAUSE_MS, deadline.remainingMs))
      );
    }
  }
}

/**
 * Reads while writing: a service that refuses a large request early answers before it has all of it, and the
 * answer counts.
 */
async function converse(
  connection: Connection,
  request: Uint8Array,
  limit: number,
): Promise<Uint8Array> {
  const sending = writeAll(connection, request).then(() => undefined, (error: unknown) => error);
  const response = await readResponse(connection, limit);
  if (response.length > 0) return response;
  throw await sending ?? new Error("Closed without an answer");
}

async function writeAll(connection: Connection, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Up to the announced length, or the end of the stream if that comes first. */
async function readResponse(connection: Connection, limit: number): Promise<Uint8Array> {
  const header = new Uint8Array(HEADER_SIZE);
  const headerEnd = await readInto(connection, header, 0);
  if (headerEnd < HEADER_SIZE) return header.subarray(0, headerEnd);
  const length = announcedLength(header);
  if (length > limit) {
    throw new MalformedResponseError(`${length} bytes are announced, at most ${limit} wanted`);
  }
  const response = new Uint8Array(length);
  response.set(header);
  return response.subarray(0, await readInto(connection, response, HEADER_SIZE));
}

/** Fills `buffer` from `start` and returns where the data ends: its length, unless the stream ended. */
async function readInto(
  connection: Connection,
  buffer: Uint8Array,
  start: number,
): Promise<number> {
  let end = start;
  while (end < buffer.length) {
    const count = await connection.read(buffer.subarray(end));
    if (count === null) break;
    end += count;
  }
  return end;
}

/** Says why a connection could not be made; a regular file and a stale socket give the same error code. */
async function explain(path: string, error: unknown): Promise<unknown> {
  const cause = { cause: error };
  if (error instanceof Deno.errors.NotFound) {
    return new UnreachableError("missing", path, "no such file, a socket wanted", cause);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new UnreachableError("permission", path, "permission denied", cause);
  }
  if (error instanceof Deno.errors.ConnectionRefused) {
    return (await isSocket(path))
      ? new UnreachableError("refused", path, "nobody listens to the socket", cause)
      : new UnreachableError("not_a_socket", path, "not a socket", cause);
  }
  return error;
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isSocket === true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true; // gone in between: it was a socket
    throw error;
  }
}
