import assert from "node:assert/strict";
import { AuthType } from "../auth_type.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { AuthenticatorRegistry } from "./authenticator_registry.ts";
import { directAuthenticator } from "./direct_authenticator.ts";
import { unixPeerCredentialsAuthenticator } from "./unix_peer_credentials_authenticator.ts";

const PEER = { pid: 7, uid: 1000, gid: 1000 };

const registry = new AuthenticatorRegistry([
  { authenticator: directAuthenticator, admins: ["root user"] },
  { authenticator: unixPeerCredentialsAuthenticator, admins: ["1000"] },
]);

function uid(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function refuses(status: ResponseStatus) {
  return (error: unknown) => error instanceof StatusError && error.status === status;
}

Deno.test("authenticate() knows nobody without authentication, whatever the field holds", () => {
  assert.equal(registry.authenticate(AuthType.NoAuth, Uint8Array.of(1), PEER), undefined);
});

Deno.test("authenticate() takes a Direct name as it is, and its administrators", () => {
  const named = (text: string) =>
    registry.authenticate(AuthType.Direct, new TextEncoder().encode(text), undefined);
  assert.deepEqual(named("app\0/é"), {
    authType: AuthType.Direct,
    name: "app\0/é",
    isAdmin: false,
  });
  assert.deepEqual(named("root user"), {
    authType: AuthType.Direct,
    name: "root user",
    isAdmin: true,
  });
  // The bytes of a mark at the start are part of the name, else two names would be one application.
  assert.deepEqual(named("\ufeffapp"), {
    authType: AuthType.Direct,
    name: "\ufeffapp",
    isAdmin: false,
  });
});

Deno.test("authenticate() takes the peer's uid as the name", () => {
  const application = registry.authenticate(AuthType.UnixPeerCredentials, uid(1000), PEER);
  assert.deepEqual(application, {
    authType: AuthType.UnixPeerCredentials,
    name: "1000",
    isAdmin: true,
  });
});

Deno.test("authenticate() refuses", async (t) => {
  const { AuthenticationError, AuthenticatorNotRegistered } = ResponseStatus;
  const { Direct, UnixPeerCredentials, JwtSvid } = AuthType;
  const rows: readonly [
    string,
    AuthType,
    Uint8Array,
    typeof PEER | undefined,
    ResponseStatus,
  ][] = [
    ["an empty name", Direct, new Uint8Array(0), PEER, AuthenticationError],
    ["a name that is not UTF-8", Direct, Uint8Array.of(0xff), PEER, AuthenticationError],
    ["another uid", UnixPeerCredentials, uid(1001), PEER, AuthenticationError],
    ["no uid", UnixPeerCredentials, new Uint8Array(0), PEER, AuthenticationError],
    ["three bytes", UnixPeerCredentials, uid(1000).subarray(1), PEER, AuthenticationError],
    ["five bytes", UnixPeerCredentials, new Uint8Array(5), PEER, AuthenticationError],
    ["a peer nobody knows", UnixPeerCredentials, uid(1000), undefined, AuthenticationError],
    ["a type that is not active", JwtSvid, uid(1000), PEER, AuthenticatorNotRegistered],
  ];
  for (const [name, type, auth, peer, status] of rows) {
    await t.step(name, () => {
      assert.throws(() => registry.authenticate(type, auth, peer), refuses(status));
    });
  }
});

Deno.test("AuthenticatorRegistry refuses two authenticators of one type", () => {
  const direct = { authenticator: directAuthenticator, admins: [] };
  assert.throws(() => new AuthenticatorRegistry([direct, direct]), RangeError);
});
