/**
 * Who is asking: an authenticator turns the authentication field of a request into the application's
 * identity, or refuses.
 */
import type { AuthType } from "../auth_type.ts";

/** What the kernel says of the peer of a Unix socket at the time it connected (SO_PEERCRED). */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** The owner of keys. The same name under two authenticators is two applications. */
export interface ApplicationIdentity {
  readonly authType: AuthType;
  /** Any UTF-8 text that is not empty: a Direct name, a decimal uid, a SPIFFE id. */
  readonly name: string;
}

/** An authenticated caller. */
export interface Application extends ApplicationIdentity {
  readonly isAdmin: boolean;
}

/** What an authenticator is described by in ListAuthenticators. */
export interface AuthenticatorDescription {
  readonly description: string;
  /** major, minor, revision */
  readonly version: readonly [number, number, number];
}

export interface Authenticator {
  readonly authType: AuthType;
  readonly description: AuthenticatorDescription;
  /**
   * @param auth The authentication field; the caller zeroes it afterwards.
   * @param peer What the transport knows of the peer; `undefined` where it knows nothing.
   * @throws {StatusError} AuthenticationError, alike for every cause.
   */
  authenticate(
    auth: Uint8Array,
    peer: PeerCredentials | undefined,
  ): ApplicationIdentity | Promise<ApplicationIdentity>;
}
