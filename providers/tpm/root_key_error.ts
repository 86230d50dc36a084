/** The TPM is not the one that the provider's keys were made in, or its owner was cleared. */
import type { RootKeyKind } from "./root_key.ts";
import type { KnownRootKey } from "./tpm_state.ts";

/** Never healed by a new root key: what the old one protected would be lost in silence. */
export class RootKeyError extends Error {
  constructor(kind: RootKeyKind, { created }: KnownRootKey, statePath: string) {
    const since = created.toISOString().slice(0, 10);
    super(
      `Cannot use the TPM: its ${kind} root key is not the one of ${since}; the TPM was cleared or replaced, and ` +
        "every key that this provider made under that root key since then is lost unless the old TPM comes " +
        `back; to go on without them, move ${statePath} away and remove the keys`,
    );
    this.name = "RootKeyError";
  }
}
