/**
 * How a client says who it is (Parsec book, "Authenticators"): the authentication field of a request.
 */
import { AuthType } from "../auth_type.ts";

export type Authentication =
  | { readonly kind: "none" }
  /** The name the application gives itself; not empty. */
  | { readonly kind: "direct"; readonly name: string }
  /** The user id of this process; the service compares it with what the kernel says. */
  | { readonly kind: "unix_peer_credentials"; readonly uid: number };

export const NO_AUTHENTICATION: Authentication = { kind: "none" };

/** The header's length field has 16 bits. */
const LONGEST_AUTH_FIELD = 0xffff;

export interface AuthField {
  readonly authType: AuthType;
  readonly bytes: Uint8Array;
}

/** @throws {RangeError} If a Direct name is empty or over 65,535 bytes of UTF-8. */
export function encodeAuthentication(authentication: Authentication): AuthField {
  switch (authentication.kind) {
    case "none":
      return { authType: AuthType.NoAuth, bytes: new Uint8Array(0) };
    case "direct":
      return { authType: AuthType.Direct, bytes: encodeName(authentication.name) };
    case "unix_peer_credentials": {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, authentication.uid, true);
      return { authType: AuthType.UnixPeerCredentials, bytes };
    }
  }
}

function encodeName(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length === 0 || bytes.length > LONGEST_AUTH_FIELD) {
    throw new RangeError(
      `Cannot use an application name of ${bytes.length} bytes: 1 to ${LONGEST_AUTH_FIELD} wanted`,
    );
  }
  return bytes;
}
