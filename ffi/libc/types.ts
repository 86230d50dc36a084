/**
 * Constants and structs of the C library and the kernel, as the headers name them. The numbers are those of
 * x86_64 and aarch64 Linux; `tests/layout/libc_test.ts` compares all of them with the headers.
 */
import { bytes, I32, I64, type Struct, struct, U16, U32, U64 } from "../runtime/struct.ts";

export const CONSTANTS = {
  AF_UNIX: 1,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SO_TYPE: 3,
  SO_PEERCRED: 17,
  SO_ACCEPTCONN: 30,
  SO_DOMAIN: 39,
  MSG_DONTWAIT: 0x40,
  MSG_NOSIGNAL: 0x4000,
  SHUT_WR: 1,
  F_SETFD: 2,
  F_GETFL: 3,
  F_SETFL: 4,
  FD_CLOEXEC: 1,
  O_NONBLOCK: 0o4000,
  EPOLL_CLOEXEC: 0o2000000,
  EPOLL_CTL_ADD: 1,
  EPOLL_CTL_DEL: 2,
  EPOLL_CTL_MOD: 3,
  EPOLLIN: 0x001,
  EPOLLOUT: 0x004,
  EPOLLONESHOT: 1 << 30,
  EPOLLET: 2 ** 31,
  POLLOUT: 0x004,
  EFD_NONBLOCK: 0o4000,
  EFD_CLOEXEC: 0o2000000,
  CLOCK_MONOTONIC: 1,
  PR_GET_DUMPABLE: 3,
  PR_SET_DUMPABLE: 4,
  PR_SET_NO_NEW_PRIVS: 38,
  PR_GET_NO_NEW_PRIVS: 39,
  RLIMIT_CORE: 4,
  RLIMIT_NOFILE: 7,
  RLIMIT_MEMLOCK: 8,
} as const;

/** Bytes of a Unix socket's path, its terminating zero included (unix(7)). */
export const SUN_PATH_SIZE = 108;

/** unix(7): struct sockaddr_un */
export const SOCKADDR_UN = struct("struct sockaddr_un", {
  sun_family: U16, // AF_UNIX
  sun_path: bytes(SUN_PATH_SIZE), // a leading zero byte: a name in the abstract namespace
});

/** unix(7): struct ucred, the value of SO_PEERCRED */
export const UCRED = struct("struct ucred", {
  pid: I32,
  uid: U32,
  gid: U32,
});

/** clock_gettime(2): struct timespec */
export const TIMESPEC = struct("struct timespec", {
  tv_sec: I64,
  tv_nsec: I64,
});

/** poll(2): struct pollfd */
export const POLLFD = struct("struct pollfd", {
  fd: I32,
  events: U16, // asked for: POLLOUT …
  revents: U16, // found; errors and hang-ups unasked
});

/** getrlimit(2): struct rlimit */
export const RLIMIT = struct("struct rlimit", {
  rlim_cur: U64, // the soft limit, which is in force; all ones for none
  rlim_max: U64, // the hard limit, up to which the soft one may be raised
});

type EpollEvent = Struct<{ readonly events: typeof U32; readonly data: typeof U64 }>;

/** epoll_event(3type): packed on x86_64 (12 bytes), and only there. */
export function epollEvent(arch: typeof Deno.build.arch): EpollEvent {
  return struct("struct epoll_event", {
    events: U32, // EPOLLIN …
    data: U64, // a union; we keep the descriptor in its first four bytes (data.fd)
  }, { packed: arch === "x86_64" });
}
