/**
 * What the listener wants of the kernel. The composition root passes `ffi/libc` in; tests pass calls that fail
 * on demand.
 *
 * Calls that set something up throw. Those on the way of a request (`connect`, `accept`, `receive`, `send`)
 * return minus the errno (`errno.ts`), never wait and never throw.
 */
import type { PeerCredentials } from "../authenticators/authenticator.ts";

/** `accept` is reported as long as it holds, `read` and `write` once: then it must be armed again. */
export type Interest = "accept" | "read" | "write";

/** Tells which descriptors are ready. */
export interface Poller extends Disposable {
  add(fd: number, interest: Interest): void;
  rearm(fd: number, interest: Interest): void;
  remove(fd: number): void;
  /**
   * Waits, blocking the thread: nothing else runs in the process meanwhile.
   *
   * @param timeoutMs Whole milliseconds; -1 waits for ever.
   * @returns How many descriptors are ready.
   */
  wait(timeoutMs: number): number;
  /** Waits while everything else goes on. One wait at a time. */
  waitAsync(timeoutMs: number): Promise<number>;
  /** The `index`th ready descriptor of the last wait; one that nobody added is to be ignored. */
  ready(index: number): number;
  /** Ends the wait under way, or the next one. */
  wake(): void;
}

export interface SocketCalls {
  /** A new non-blocking Unix stream socket. */
  openStreamSocket(): number;
  bind(fd: number, path: string): void;
  listen(fd: number, backlog: number): void;
  /** @returns 0 or minus the errno. */
  connect(fd: number, path: string): number;
  /** @returns The descriptor of a non-blocking connection or minus the errno. */
  accept(listener: number): number;
  peerCredentials(fd: number): PeerCredentials | undefined;
  /** @returns Bytes, 0 at the end of the stream, or minus the errno. */
  receive(fd: number, buffer: Uint8Array<ArrayBuffer>): number;
  /** @returns Bytes taken, perhaps not all, or minus the errno. */
  send(fd: number, bytes: Uint8Array): number;
  shutdownWriting(fd: number): void;
  close(fd: number): void;
  /** The path a listening socket is bound to. */
  boundPath(fd: number): string;
  isUnixStreamListener(fd: number): boolean;
  /** Makes an inherited descriptor non-blocking and private to this process. */
  adopt(fd: number): void;
  openPoller(): Poller;
}
