/**
 * The active authenticators, chosen by a request's authentication type, each with its administrators.
 */
import { AuthType } from "../auth_type.ts";
import { andThen, type MaybePromise } from "../maybe_promise.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type {
  Application,
  ApplicationIdentity,
  Authenticator,
  PeerCredentials,
} from "./authenticator.ts";

export interface ActiveAuthenticator {
  readonly authenticator: Authenticator;
  /** Application names, compared exactly. */
  readonly admins: readonly string[];
}

interface Entry {
  readonly authenticator: Authenticator;
  readonly admins: ReadonlySet<string>;
}

export class AuthenticatorRegistry {
  readonly #entries: ReadonlyMap<AuthType, Entry>;

  /** @throws {RangeError} If two have the same authentication type. */
  constructor(active: readonly ActiveAuthenticator[]) {
    const entries = new Map<AuthType, Entry>();
    for (const { authenticator, admins } of active) {
      const { authType } = authenticator;
      if (entries.has(authType)) throw new RangeError(`Two authenticators of type ${authType}`);
      entries.set(authType, { authenticator, admins: new Set(admins) });
    }
    this.#entries = entries;
  }

  /** In configuration order. */
  list(): readonly Authenticator[] {
    return [...this.#entries.values()].map((entry) => entry.authenticator);
  }

  /**
   * Who is asking; `undefined` for a request without authentication.
   *
   * @throws {StatusError} AuthenticatorNotRegistered if the type is not active, AuthenticationError if the
   * authenticator refuses
   */
  authenticate(
    authType: AuthType,
    auth: Uint8Array,
    peer: PeerCredentials | undefined,
  ): MaybePromise<Application | undefined> {
    if (authType === AuthType.NoAuth) return undefined;
    const entry = this.#entries.get(authType);
    if (entry === undefined) {
      throw new StatusError(
        ResponseStatus.AuthenticatorNotRegistered,
        `Cannot authenticate: authentication type ${authType} is not active`,
      );
    }
    const asApplication = (identity: ApplicationIdentity): Application => ({
      ...identity,
      isAdmin: entry.admins.has(identity.name),
    });
    return andThen(entry.authenticator.authenticate(auth, peer), asApplication);
  }
}
