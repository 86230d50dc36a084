/** `[[key_manager]]`: the stores of key identities. */
import type { SectionSchema } from "./types.ts";

const STORE_PATH_OF_SQLITE =
  "Taken as sqlite_db_path, which is its proper name. Upstream ignores this " +
  "key and uses /var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3";

export const KEY_MANAGER = {
  form: "list",
  help:
    "Where it is written down which keys exist, whose they are and where their provider keeps them.",
  keys: {
    name: {
      type: { kind: "text", what: "a name for providers to refer to" },
      field: "name",
      required: true,
      example: "sqlite-manager",
      help: "What the key_info_manager of a provider refers to.",
      since: "upstream",
      change: "restart",
    },
  },
  variants: {
    by: "manager_type",
    what: "type of key manager",
    example: "SQLite",
    of: {
      SQLite: {
        help: "one database file",
        keys: {
          sqlite_db_path: {
            type: { kind: "path", of: "file" },
            field: "path",
            default: "/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3",
            aliases: {
              store_path: STORE_PATH_OF_SQLITE,
              database_path: STORE_PATH_OF_SQLITE,
            },
            help: "The database file. No other service may use it at the same time. The spelling " +
              "store_path, of upstream's template, is understood.",
            since: "upstream",
            change: "restart",
          },
        },
      },
      OnDisk: {
        help: "upstream's folder of files",
        notServed:
          'Use manager_type = "SQLite"; keys in the on-disk store are not read by this version',
        keys: {
          store_path: {
            type: { kind: "path", of: "folder" },
            default: "/var/lib/parsec/mappings",
            help: "The folder.",
            since: "upstream",
            change: "restart",
          },
        },
      },
    },
  },
} as const satisfies SectionSchema;
