/**
 * ListAuthenticators (opcode 0x000e): Lists the active authenticators.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_authenticators.proto`.
 */

export interface AuthenticatorInfo {
  readonly description: string;
  readonly versionMaj: number;
  readonly versionMin: number;
  readonly versionRev: number;
  readonly id: number;
}

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly authenticators: readonly AuthenticatorInfo[];
}
