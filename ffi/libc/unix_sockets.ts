/**
 * Unix stream sockets: socket(2), unix(7), socket(7).
 *
 * Calls that set something up throw a {@linkcode LibcError}. Those on the way of a request (`connect`,
 * `accept`, `receive`, `send`) return minus the errno, allocate nothing and never block.
 */
import type { LibcLibrary } from "./library.ts";
import { CONSTANTS, SOCKADDR_UN, UCRED } from "./types.ts";
import { decodeUnixAddress, encodeUnixAddress } from "./unix_address.ts";

const { AF_UNIX, SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC, SOL_SOCKET, SO_PEERCRED } = CONSTANTS;
const { MSG_DONTWAIT, MSG_NOSIGNAL } = CONSTANTS;

/** What the kernel knows of the process that connected, at that time. */
export interface UnixCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

export interface UnixSockets {
  /** A new non-blocking stream socket, closed on exec. */
  openStreamSocket(): number;
  bind(fd: number, path: string): void;
  listen(fd: number, backlog: number): void;
  /** @returns 0 or minus the errno; -EAGAIN when the other side's backlog is full. */
  connect(fd: number, path: string): number;
  /** @returns The descriptor of a non-blocking connection, or minus the errno. */
  accept(listener: number): number;
  /** @returns `undefined` if the kernel does not say. */
  peerCredentials(fd: number): UnixCredentials | undefined;
  /** @returns The number of bytes, 0 at the end of the stream, or minus the errno. */
  receive(fd: number, buffer: Uint8Array<ArrayBuffer>): number;
  /** @returns The number of bytes taken, perhaps fewer than given, or minus the errno. */
  send(fd: number, bytes: Uint8Array<ArrayBuffer>): number;
  /** Ends the stream to the peer. That the peer is gone already is no error. */
  shutdownWriting(fd: number): void;
  close(fd: number): void;
  /** The path a socket is bound to; `@name` for an abstract one. */
  boundPath(fd: number): string;
  isUnixStreamListener(fd: number): boolean;
  /** Makes an inherited descriptor like our own: non-blocking and closed on exec. */
  adopt(fd: number): void;
}

export function unixSockets(libc: LibcLibrary): UnixSockets {
  const { symbols, errno, check } = libc;
  const credentials = new DataView(new ArrayBuffer(UCRED.size));
  const credentialsLength = new Uint32Array(1);
  const option = new Int32Array(1);
  const optionLength = new Uint32Array(1);

  function integerOption(fd: number, name: number): number {
    optionLength[0] = 4;
    check("getsockopt", symbols.getsockopt(fd, SOL_SOCKET, name, option, optionLength));
    return option[0] ?? 0;
  }

  return {
    openStreamSocket: () =>
      check("socket", symbols.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
    bind(fd, path) {
      const address = encodeUnixAddress(path);
      check("bind", symbols.bind(fd, address, address.length));
    },
    listen(fd, backlog) {
      check("listen", symbols.listen(fd, backlog));
    },
    connect(fd, path) {
      const address = encodeUnixAddress(path);
      return symbols.connect(fd, address, address.length) < 0 ? -errno() : 0;
    },
    accept(listener) {
      const fd = symbols.accept4(listener, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
      return fd < 0 ? -errno() : fd;
    },
    peerCredentials(fd) {
      credentialsLength[0] = UCRED.size;
      const result = symbols.getsockopt(
        fd,
        SOL_SOCKET,
        SO_PEERCRED,
        credentials,
        credentialsLength,
      );
      if (result < 0) return undefined;
      const { pid, uid, gid } = UCRED.offsets;
      return {
        pid: credentials.getInt32(pid, true),
        uid: credentials.getUint32(uid, true),
        gid: credentials.getUint32(gid, true),
      };
    },
    receive(fd, buffer) {
      const count = Number(symbols.recv(fd, buffer, BigInt(buffer.length), MSG_DONTWAIT));
      return count < 0 ? -errno() : count;
    },
    send(fd, bytes) {
      const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      const count = Number(symbols.send(fd, bytes, BigInt(bytes.length), flags));
      return count < 0 ? -errno() : count;
    },
    shutdownWriting(fd) {
      symbols.shutdown(fd, CONSTANTS.SHUT_WR);
    },
    close(fd) {
      // The descriptor is gone whatever close() says (close(2), "Dealing with error returns").
      symbols.close(fd);
    },
    boundPath(fd) {
      const address = new Uint8Array(SOCKADDR_UN.size);
      const length = new Uint32Array([address.length]);
      check("getsockname", symbols.getsockname(fd, address, length));
      return decodeUnixAddress(address.subarray(0, length[0]));
    },
    isUnixStreamListener: (fd) =>
      integerOption(fd, CONSTANTS.SO_DOMAIN) === AF_UNIX &&
      integerOption(fd, CONSTANTS.SO_TYPE) === SOCK_STREAM &&
      integerOption(fd, CONSTANTS.SO_ACCEPTCONN) === 1,
    adopt(fd) {
      check("fcntl", symbols.fcntl(fd, CONSTANTS.F_SETFD, CONSTANTS.FD_CLOEXEC));
      const flags = check("fcntl", symbols.fcntl(fd, CONSTANTS.F_GETFL, 0));
      check("fcntl", symbols.fcntl(fd, CONSTANTS.F_SETFL, flags | CONSTANTS.O_NONBLOCK));
    },
  };
}
