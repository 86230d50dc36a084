/**
 * The errno of Linux that decide how the listener goes on; a kernel call answers with one of them, negated.
 * The same on all machines we ship to; a test compares them with those of `ffi/libc`.
 */
export const Errno = {
  ENOENT: 2,
  EINTR: 4,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  ENFILE: 23,
  EMFILE: 24,
  EPROTOTYPE: 91,
  ECONNABORTED: 103,
  ENOBUFS: 105,
  ECONNREFUSED: 111,
} as const;
