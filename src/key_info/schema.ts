/**
 * The store of the key info manager.
 *
 * Names are UTF-8 bytes in BLOB columns: `node:sqlite` (Deno 2.9.6) cuts a TEXT value at its first NUL and
 * mends invalid UTF-8 as it reads, so two names could become one.
 */
import type { Schema } from "../storage/schema.ts";

export const KEY_INFO_SCHEMA: Schema = {
  store: "key info store",
  applicationId: "PKIM",
  migrations: [{
    minReader: 1,
    statements: [
      // state: creating, ready, destroying. key_id: the provider's own. attributes: protobuf
      // psa_key_attributes.KeyAttributes. created: milliseconds since 1970, UTC.
      `CREATE TABLE keys (
        id INTEGER PRIMARY KEY,
        auth_type INTEGER NOT NULL,
        application_name BLOB NOT NULL,
        provider_uuid BLOB NOT NULL,
        provider_name BLOB NOT NULL,
        key_name BLOB NOT NULL,
        state TEXT NOT NULL,
        key_id BLOB NOT NULL,
        attributes BLOB NOT NULL,
        created INTEGER NOT NULL,
        UNIQUE (auth_type, application_name, provider_uuid, provider_name, key_name)
      ) STRICT`,
    ],
  }],
};
