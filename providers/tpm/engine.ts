/** What every primitive of the provider works with. */
import type { Key } from "../../src/provider.ts";
import type { AuthVault } from "./auth_vault.ts";
import type { HostCrypto } from "./host_crypto.ts";
import type { KeyLoader } from "./key_loader.ts";
import type { TpmAccess } from "./open_tpm.ts";
import type { TpmRegistry } from "./registry.ts";
import type { Sequences } from "./sequences.ts";
import type { TpmConnection } from "./tpm_connection.ts";

export interface Engine {
  readonly connection: TpmConnection;
  readonly registry: TpmRegistry;
  readonly loader: KeyLoader;
  readonly vault: AuthVault;
  readonly host: HostCrypto;
  readonly access: TpmAccess;
  readonly sequences: Sequences;
  /** Most bytes that a command takes as data. */
  readonly inputBuffer: number;
}

/** The lane of operations that no application is named for. */
export const KEYLESS_LANE = "";

/** The lane of a key's application. */
export function laneOf(
  { identity: { application: { authType, name } } }: Pick<Key, "identity">,
): string {
  return `${authType}:${name}`;
}
