/** The database of the software provider's keys. */
import type { Schema } from "../../src/storage/schema.ts";

export const KEY_STORE_SCHEMA: Schema = {
  store: "software key store",
  applicationId: "PSWK",
  migrations: [{
    minReader: 1,
    statements: [
      // sealed: ciphertext and tag. format: ROW_FORMAT, what nonce and sealed mean.
      `CREATE TABLE key_material (
        key_id BLOB NOT NULL PRIMARY KEY,
        format INTEGER NOT NULL,
        nonce BLOB NOT NULL,
        sealed BLOB NOT NULL
      ) STRICT, WITHOUT ROWID`,
      `CREATE TABLE root_key_check (
        copy INTEGER PRIMARY KEY,
        nonce BLOB NOT NULL,
        sealed BLOB NOT NULL
      ) STRICT`,
    ],
  }],
};
