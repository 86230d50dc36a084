/**
 * The address of a service, as PARSEC_SERVICE_ENDPOINT holds it: `unix:/run/parsec/parsec.sock`
 * (Parsec book, "Service Discovery").
 */
import { EndpointError } from "./errors.ts";

/** Where upstream's service and clients meet by default. */
export const DEFAULT_ENDPOINT = "unix:/run/parsec/parsec.sock";

/** `sun_path` of Linux has 108 bytes, the last of them a zero (unix(7)). */
const LONGEST_SOCKET_PATH = 107;

/**
 * The path of the socket. It is taken as it stands: no percent-decoding, as in upstream's Rust client.
 *
 * @throws {EndpointError} If the scheme is not `unix`, or the path is not absolute or too long for a socket.
 */
export function socketPath(endpoint: string): string {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/(?=\/))?(.*)$/s.exec(endpoint);
  if (match === null) throw new EndpointError(endpoint, "no scheme, unix:/path/of/socket wanted");
  const [, scheme = "", path = ""] = match;
  if (scheme.toLowerCase() !== "unix") {
    throw new EndpointError(endpoint, `scheme ${scheme}, unix wanted`);
  }
  if (!path.startsWith("/") || path.startsWith("//")) {
    throw new EndpointError(endpoint, "not an absolute path, unix:/path/of/socket wanted");
  }
  const length = new TextEncoder().encode(path).length;
  if (length > LONGEST_SOCKET_PATH) {
    throw new EndpointError(
      endpoint,
      `a path of ${length} bytes, a socket has at most ${LONGEST_SOCKET_PATH}`,
    );
  }
  if (path.includes("\0")) throw new EndpointError(endpoint, "a zero byte in the path");
  return path;
}
