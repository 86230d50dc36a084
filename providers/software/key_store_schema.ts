/** The database of the software provider's keys. */
import type { Schema } from "../../src/storage/schema.ts";

export const KEY_STORE_SCHEMA: Schema = {
  store: "software key store",
  applicationId: "PSWK",
  migrations: [{
    minReader: 1,
    statements: [
      // format: ROW_FORMAT, what the others mean (sealed_row.ts).
      `CREATE TABLE key_material (
        key_id BLOB NOT NULL PRIMARY KEY,
        format INTEGER NOT NULL,
        row_key BLOB NOT NULL,
        sealed BLOB NOT NULL
      ) STRICT, WITHOUT ROWID`,
      // What tells root keys from each other (root_key_checks.ts).
      `CREATE TABLE root_key_check (
        copy INTEGER PRIMARY KEY,
        sealed BLOB NOT NULL
      ) STRICT`,
    ],
  }],
};
