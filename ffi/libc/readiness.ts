/** Whether a call would have to wait: poll(2). */
import type { LibcLibrary } from "./library.ts";
import { CONSTANTS, POLLFD } from "./types.ts";

/**
 * Whether a descriptor takes bytes now: a pipe then takes PIPE_BUF (4096) of them without waiting, also where it
 * is in blocking mode (pipe(7)). A descriptor whose other end is gone does too: the write then fails at once.
 */
export function takesBytes({ symbols }: LibcLibrary, fd: number): boolean {
  const poll = POLLFD.encode({ fd, events: CONSTANTS.POLLOUT, revents: 0 });
  return symbols.poll(poll, 1n, 0) > 0;
}
