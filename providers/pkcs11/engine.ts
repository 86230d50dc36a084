/** What every primitive of the provider works with. */
import type { Libcrypto } from "../../ffi/libcrypto/mod.ts";
import type { Digests } from "./digests.ts";
import type { PublicKeys } from "./public_keys.ts";
import type { Pkcs11Registry } from "./registry.ts";
import type { Token } from "./token.ts";

export interface Engine {
  readonly token: Token;
  readonly registry: Pkcs11Registry;
  /** Checks keys from outside; does public operations where that is configured. */
  readonly library: Libcrypto;
  readonly digests: Digests;
  /** Public keys, loaded for use in software. */
  readonly publicKeys: PublicKeys;
  /** Verify and encrypt with public keys in software. */
  readonly softwarePublicOperations: boolean;
  /** Whether keys may be made that can be exported. */
  readonly allowExport: boolean;
}
