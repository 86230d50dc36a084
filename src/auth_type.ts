/**
 * The authentication types of the wire header.
 *
 * Source: Parsec book, "Authenticators". `Jwt` has a number but no definition; nobody serves it.
 */
export const AuthType = {
  NoAuth: 0,
  Direct: 1,
  Jwt: 2,
  UnixPeerCredentials: 3,
  JwtSvid: 4,
} as const;
export type AuthType = typeof AuthType[keyof typeof AuthType];

const TYPES: ReadonlySet<number> = new Set(Object.values(AuthType));

export function isAuthType(type: number): type is AuthType {
  return TYPES.has(type);
}
