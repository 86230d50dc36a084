/** What the provider must remember of its TPM between two runs. */
import type { Schema } from "../../src/storage/schema.ts";

export const TPM_STATE_SCHEMA: Schema = {
  store: "TPM provider's state",
  applicationId: "PTPM",
  migrations: [{
    minReader: 1,
    statements: [
      // kind: a RootKeyKind. name: the TPM's name of the root key (nameAlg and hash of its public area).
      // created: milliseconds since 1970, UTC.
      `CREATE TABLE root_key (
        kind TEXT PRIMARY KEY,
        name BLOB NOT NULL,
        created INTEGER NOT NULL
      ) STRICT`,
      // The key that encrypts the auth values of the provider's keys: an object sealed under the root key.
      `CREATE TABLE auth_key (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        root_kind TEXT NOT NULL,
        public_area BLOB NOT NULL,
        wrapped BLOB NOT NULL
      ) STRICT`,
    ],
  }],
};
