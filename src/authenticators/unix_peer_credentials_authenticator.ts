/**
 * Unix peer credentials (Parsec book, "Authenticators"): the field is the client's uid, 4 bytes
 * little-endian, and must be the uid the kernel knows. The application's name is that uid in decimal.
 *
 * Trusts the kernel (SO_PEERCRED: the effective uid when the client connected) and nobody else.
 */
import { AuthType } from "../auth_type.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { ApplicationIdentity, Authenticator, PeerCredentials } from "./authenticator.ts";

const UID_SIZE = 4;

export const unixPeerCredentialsAuthenticator: Authenticator = {
  authType: AuthType.UnixPeerCredentials,
  description: {
    description: "Compares the uid (Unix user identifier) that the client declares with the one " +
      "the kernel reports of the peer; the uid is the application's identity.",
    version: [0, 1, 0],
  },

  authenticate(auth: Uint8Array, peer: PeerCredentials | undefined): ApplicationIdentity {
    if (peer === undefined) throw refusal("a connection without peer credentials");
    if (auth.length !== UID_SIZE) throw refusal(`${auth.length} bytes`);
    const declared = new DataView(auth.buffer, auth.byteOffset, UID_SIZE).getUint32(0, true);
    if (declared !== peer.uid) throw refusal(`uid ${declared} from a peer with uid ${peer.uid}`);
    return { authType: AuthType.UnixPeerCredentials, name: String(peer.uid) };
  },
};

function refusal(found: string): StatusError {
  return new StatusError(
    ResponseStatus.AuthenticationError,
    `Cannot authenticate: found ${found}, wanted the peer's own uid in ${UID_SIZE} bytes`,
  );
}
