/** The C library: the calls the service makes of it, safe and in the manner of TypeScript. */
import { monotonicMicroseconds } from "./clock.ts";
import { sendDatagram } from "./datagrams.ts";
import { EpollPoller } from "./epoll_poller.ts";
import { libcLibrary } from "./library.ts";
import { returnFreeMemory } from "./memory.ts";
import { type ProcessCalls, processCalls } from "./process.ts";
import { takesBytes } from "./readiness.ts";
import { type UnixSockets, unixSockets } from "./unix_sockets.ts";

export { ERRNO, errnoName, LibcError } from "./errors.ts";
export { EpollPoller } from "./epoll_poller.ts";
export type { EpollInterest } from "./epoll_poller.ts";
export type { ProcessCalls } from "./process.ts";
export type { UnixCredentials, UnixSockets } from "./unix_sockets.ts";

export interface Libc extends UnixSockets, ProcessCalls {
  openPoller(): EpollPoller;
  /** {@linkcode sendDatagram} */
  sendDatagram(path: string, bytes: Uint8Array<ArrayBuffer>): void;
  monotonicMicroseconds(): bigint;
  /** {@linkcode takesBytes} */
  takesBytes(fd: number): boolean;
  /** {@linkcode returnFreeMemory} */
  returnFreeMemory(): void;
}

/**
 * Loads the C library, once.
 *
 * @throws {LibraryError} If it is not there, or the permission to load it is missing.
 */
export function openLibc(): Libc {
  const library = libcLibrary();
  return {
    ...unixSockets(library),
    ...processCalls(library),
    openPoller: () => new EpollPoller(library),
    sendDatagram: (path, bytes) => sendDatagram(library, path, bytes),
    monotonicMicroseconds: () => monotonicMicroseconds(library),
    takesBytes: (fd) => takesBytes(library, fd),
    returnFreeMemory: () => returnFreeMemory(library),
  };
}
