/**
 * The software provider's keys: one row each in a SQLite file, AES-256-GCM under the root key, bound to the
 * identity of the key and to its attributes.
 *
 * A row that was changed costs its own key only. What is removed is overwritten in the file and doesn't stay
 * in the write-ahead log; what flash storage keeps of it below the file system is sealed.
 */
import { join } from "node:path";
import { type Libcrypto, openLibcrypto } from "../../ffi/libcrypto/mod.ts";
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { Logger } from "../../src/log.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import type { Database } from "../../src/storage/database.ts";
import { openDatabase } from "../../src/storage/open_database.ts";
import { asStorageError } from "../../src/storage/open_refusal.ts";
import { failedWrite, sqliteErrorKind } from "../../src/storage/sqlite_error.ts";
import { Aead256 } from "./aead256.ts";
import { ROW_FORMAT } from "./associated_data.ts";
import type { KeyMaterialStore } from "./key_material_store.ts";
import { KEY_STORE_SCHEMA } from "./key_store_schema.ts";
import { openRootKey } from "./open_root_key.ts";
import type { RootKeySealer } from "./root_key.ts";
import { RootKeyChecks } from "./root_key_checks.ts";
import { openRow, sealRow } from "./sealed_row.ts";

const KEY_ID_LENGTH = 16;

export interface KeyStoreOptions {
  /** Absolute; the file is `software-keys.sqlite3` in it. */
  readonly folder: string;
  readonly rootKey: RootKeySealer;
  /** Where the root key was before: the keys move if they are still under that one. */
  readonly previousRootKey?: RootKeySealer | undefined;
  readonly log: Logger;
  readonly library?: Libcrypto;
}

/**
 * @throws {StorageError} If the store can't be used, or not with this root key; or the error of a sealer's device.
 * @throws {LibraryError} If libcrypto can't be loaded, or is not OpenSSL 3.
 */
export async function openKeyStore(options: KeyStoreOptions): Promise<KeyStore> {
  const { folder, rootKey: sealer, previousRootKey: previous, log } = options;
  const { library = openLibcrypto() } = options;
  const path = join(folder, "software-keys.sqlite3");
  using stack = new DisposableStack();
  try {
    const aead = stack.use(new Aead256(library));
    const database = stack.use(
      openDatabase({ path, schema: KEY_STORE_SCHEMA, log, secureDelete: true }),
    );
    const checks = new RootKeyChecks(database, aead);
    using loaded = await openRootKey({ database, checks, sealer, previous, aead, log });
    const root = stack.use(library.memory.copy(loaded.expose()));
    const store = new KeyStore({ database, root, aead, log });
    stack.move();
    return store;
  } catch (error) {
    // A sealer's device has errors of its own.
    if (sqliteErrorKind(error) === undefined) throw error;
    throw asStorageError(KEY_STORE_SCHEMA.store, path, error);
  }
}

interface Parts {
  readonly database: Database;
  readonly root: Secret;
  readonly aead: Aead256;
  readonly log: Logger;
}

/** Owns the database, the root key and the cipher. */
export class KeyStore implements KeyMaterialStore {
  readonly #parts: Parts;
  readonly #insert;
  readonly #select;
  readonly #delete;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { database } = parts;
    this.#insert = database.prepare(
      "INSERT INTO key_material (key_id, format, row_key, sealed) VALUES (?, ?, ?, ?)",
    );
    this.#select = database.prepare(
      // Under names written here: a wrong bit in the schema's text must not cost every key.
      "SELECT format AS format, row_key AS row_key, sealed AS sealed FROM key_material WHERE key_id = ?",
    );
    this.#delete = database.prepare("DELETE FROM key_material WHERE key_id = ?");
  }

  reserveKeyId(): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(KEY_ID_LENGTH));
  }

  put(key: Key, material: Uint8Array): void {
    const { root, aead } = this.#parts;
    const { rowKey, sealed } = sealRow(aead, root, key, material);
    writing(() => this.#insert.run(key.id, ROW_FORMAT, rowKey, sealed));
  }

  get(key: Key): Uint8Array {
    const row = this.#read(key);
    if (!row) {
      throw new StatusError(
        ResponseStatus.PsaErrorDoesNotExist,
        "Cannot read a software key: the store doesn't have it, a stored key",
      );
    }
    const { root, aead } = this.#parts;
    const { format, row_key: rowKey, sealed } = row;
    if (format !== ROW_FORMAT) throw this.#damaged(key, `format ${format}, ${ROW_FORMAT}`);
    if (!(rowKey instanceof Uint8Array && sealed instanceof Uint8Array)) {
      throw this.#damaged(key, "no bytes, bytes");
    }
    const material = openRow(aead, root, key, { rowKey, sealed });
    if (!material) throw this.#damaged(key, "the tag doesn't fit, what was stored for this key");
    return material;
  }

  remove(key: Key): void {
    const { changes } = writing(() => this.#delete.run(key.id));
    if (changes > 0) this.#emptyLog();
  }

  /** The ids of all stored keys, in no order. */
  keyIds(): readonly Uint8Array[] {
    const rows = this.#parts.database.prepare("SELECT key_id AS id FROM key_material").all();
    return rows.map(({ id }) => id).filter((id) => id instanceof Uint8Array);
  }

  [Symbol.dispose](): void {
    const { root, database, aead } = this.#parts;
    root[Symbol.dispose]();
    database[Symbol.dispose]();
    aead[Symbol.dispose]();
  }

  #read(key: Key) {
    try {
      return this.#select.get(key.id);
    } catch (error) {
      if (sqliteErrorKind(error) === "corrupt") {
        throw this.#damaged(key, "a torn row, a row", error);
      }
      throw new StatusError(
        ResponseStatus.PsaErrorStorageFailure,
        "Cannot read a software key: the disk fails, a working disk",
        { cause: error },
      );
    }
  }

  #damaged({ identity }: Key, what: string, cause?: unknown): StatusError {
    this.#parts.log.error(
      "A stored software key is damaged or its attributes were changed; others are not affected",
      { file: this.#parts.database.path, provider: identity.provider.name },
      { application: identity.application.name, key: identity.keyName },
    );
    const message = `Cannot read a software key: ${what}`;
    return new StatusError(ResponseStatus.PsaErrorDataCorrupt, message, { cause });
  }

  /** The key is gone already; a log that can't be emptied now is emptied next time. */
  #emptyLog(): void {
    const { database, log } = this.#parts;
    try {
      database.emptyLog();
    } catch (error) {
      log.warn(
        "The log of a store could not be emptied; sealed traces of removed keys stay until it can",
        { file: database.path },
        { error },
      );
    }
  }
}

function writing<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new StatusError(
      sqliteErrorKind(error) === "full"
        ? ResponseStatus.PsaErrorInsufficientStorage
        : ResponseStatus.PsaErrorStorageFailure,
      `Cannot write to the software key store: ${failedWrite(error)}, a disk that can be written`,
      { cause: error },
    );
  }
}
