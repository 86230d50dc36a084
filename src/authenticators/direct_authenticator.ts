/**
 * Direct authentication (Parsec book, "Authenticators"): the field is the application's name.
 *
 * Trusts every peer to say who it is: for tests, and for sockets that only trusted processes can reach.
 */
import { AuthType } from "../auth_type.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { ApplicationIdentity, Authenticator } from "./authenticator.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const directAuthenticator: Authenticator = {
  authType: AuthType.Direct,
  description: {
    description: "Takes the authentication field, UTF-8 text, as the application's name. " +
      "It trusts the client to tell the truth: for testing only.",
    version: [0, 1, 0],
  },

  authenticate(auth: Uint8Array): ApplicationIdentity {
    if (auth.length === 0) throw refusal("an empty name");
    return { authType: AuthType.Direct, name: decode(auth) };
  },
};

function decode(auth: Uint8Array): string {
  try {
    return UTF8.decode(auth);
  } catch {
    throw refusal("a name that is not UTF-8");
  }
}

function refusal(found: string): StatusError {
  return new StatusError(
    ResponseStatus.AuthenticationError,
    `Cannot authenticate: found ${found}, wanted the application's name as UTF-8 text`,
  );
}
