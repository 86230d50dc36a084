/** Clocks of the kernel: clock_gettime(2). */
import type { LibcLibrary } from "./library.ts";
import { CONSTANTS, TIMESPEC } from "./types.ts";

/** CLOCK_MONOTONIC in microseconds: what systemd compares with. */
export function monotonicMicroseconds(libc: LibcLibrary): bigint {
  const { symbols, check } = libc;
  const time = new Uint8Array(TIMESPEC.size);
  check("clock_gettime", symbols.clock_gettime(CONSTANTS.CLOCK_MONOTONIC, time));
  const { tv_sec, tv_nsec } = TIMESPEC.decode(time);
  return tv_sec * 1_000_000n + tv_nsec / 1_000n;
}
