/**
 * Addresses of Unix sockets: a path in the file system or, with a leading `@`, a name in Linux' abstract
 * namespace (unix(7)).
 */
import { CONSTANTS, SOCKADDR_UN, SUN_PATH_SIZE } from "./types.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The bytes of a `struct sockaddr_un`, exactly as long as the address: the length of an abstract name is
 * part of it.
 *
 * @throws {RangeError} If the path is empty, does not fit or holds a zero byte.
 */
export function encodeUnixAddress(path: string): Uint8Array<ArrayBuffer> {
  const abstract = path.startsWith("@");
  const name = encoder.encode(abstract ? `\0${path.slice(1)}` : `${path}\0`);
  if (path.length === 0 || path.includes("\0")) {
    throw new RangeError("Cannot make a socket address: empty path or zero byte, wanted a path");
  }
  if (name.length > SUN_PATH_SIZE) {
    const limit = SUN_PATH_SIZE - 1;
    throw new RangeError(
      `Cannot make a socket address: the path has ${
        name.length - 1
      } bytes, wanted at most ${limit}`,
    );
  }
  const address = SOCKADDR_UN.encode({ sun_family: CONSTANTS.AF_UNIX, sun_path: name });
  return address.slice(0, SOCKADDR_UN.offsets.sun_path + name.length);
}

/** The path of an address, `@name` for an abstract one, the empty text for a socket without a name. */
export function decodeUnixAddress(address: Uint8Array): string {
  const name = address.subarray(SOCKADDR_UN.offsets.sun_path);
  if (name.length === 0) return "";
  if (name[0] === 0) return `@${decoder.decode(name.subarray(1))}`;
  const end = name.indexOf(0);
  return decoder.decode(end < 0 ? name : name.subarray(0, end));
}
