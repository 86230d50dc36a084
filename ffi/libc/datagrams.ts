/** Single datagrams to a Unix socket, as sd_notify(3) sends them. */
import type { LibcLibrary } from "./library.ts";
import { CONSTANTS } from "./types.ts";
import { encodeUnixAddress } from "./unix_address.ts";

const { AF_UNIX, SOCK_DGRAM, SOCK_CLOEXEC, MSG_NOSIGNAL, MSG_DONTWAIT } = CONSTANTS;

/**
 * Sends one datagram, without waiting for room.
 *
 * @param path Of the receiver; `@name` for an abstract one.
 * @throws {LibcError} If nobody listens there, or there is no room.
 */
export function sendDatagram(
  libc: LibcLibrary,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): void {
  const { symbols, failure, check } = libc;
  const address = encodeUnixAddress(path);
  const fd = check("socket", symbols.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  try {
    const flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    const size = BigInt(bytes.length);
    const sent = symbols.sendto(fd, bytes, size, flags, address, address.length);
    if (sent < 0n) throw failure("sendto");
  } finally {
    symbols.close(fd);
  }
}
