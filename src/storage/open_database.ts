/**
 * Opens a durable store: a SQLite file that survives power cuts and that one process holds at a time.
 *
 * Journal: the write-ahead log. Measured with Deno 2.9.6 (SQLite 3.53.2), `synchronous = FULL`, an exclusive
 * lock, ext4 on a virtual disk, one small row a transaction, three runs of 500, microseconds a transaction:
 *
 * | journal_mode | insert | update | delete | syncs | pages written |
 * |---|---:|---:|---:|---:|---:|
 * | WAL | 307-669 | 101-342 | 158-194 | 1 | 2-3 (insert) |
 * | DELETE, PERSIST | 499-692 | 394-592 | 452-594 | 4 | twice that |
 * | TRUNCATE | 592-803 | 502-1155 | 679-755 | 4 | twice that |
 *
 * One sync in place of four decided it: on flash, the sync is the cost. With the exclusive lock the log
 * needs no shared memory file.
 */
import { dirname } from "node:path";
import type { Logger } from "../log.ts";
import { Database } from "./database.ts";
import { ensureFolder, ensurePrivateFile } from "./folder.ts";
import { checkIntegrity } from "./integrity.ts";
import { asStorageError, damaged } from "./open_refusal.ts";
import { migrate, refusalOf, type Schema } from "./schema.ts";
import { sqliteErrorKind } from "./sqlite_error.ts";
import { StorageError } from "./storage_error.ts";

/** With their pauses, about a quarter of a second. */
const ATTEMPTS = 8;

export interface OpenDatabaseOptions {
  /** Absolute; or ":memory:", a store that ends with the process. */
  readonly path: string;
  readonly schema: Schema;
  readonly log: Logger;
  /** Whether what is deleted is overwritten in the file. */
  readonly secureDelete?: boolean;
}

/** @throws {StorageError} If the store can't be used; the file is then as it was. */
export function openDatabase(options: OpenDatabaseOptions): Database {
  const { path, schema, log } = options;
  try {
    if (path !== ":memory:") {
      ensureFolder(dirname(path), log);
      ensurePrivateFile(path, log);
    }
    return openPatiently(options);
  } catch (error) {
    throw asStorageError(schema.store, path, error);
  }
}

/**
 * Tries a few times. Of two processes that start at the same moment, each may hold a shared lock that keeps the
 * other from the exclusive one, and SQLite then refuses both; a pause of random length lets one go first.
 */
function openPatiently(options: OpenDatabaseOptions): Database {
  for (let attempt = 1;; attempt++) {
    try {
      return openOnce(options);
    } catch (error) {
      if (sqliteErrorKind(error) !== "busy" || attempt === ATTEMPTS) throw error;
      pause(20 + 40 * Math.random());
    }
  }
}

function openOnce(options: OpenDatabaseOptions): Database {
  using stack = new DisposableStack();
  const database = stack.use(new Database(options.path, options.log));
  prepareDatabase(database, options);
  stack.move();
  return database;
}

/** Blocks: stores are opened before the service serves anybody. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function prepareDatabase(database: Database, options: OpenDatabaseOptions): void {
  const { schema, log } = options;
  configure(database, options);
  takeLock(database);
  const refusal = refusalOf(database, schema);
  if (refusal) throw new StorageError(schema.store, database.path, refusal);
  const integrity = checkIntegrity(database);
  if (integrity.kind === "damaged") refuseDamaged(database, schema, integrity.finding);
  useWriteAheadLog(database);
  if (integrity.kind === "indexes") rebuildIndexes(database, log, integrity.finding);
  migrate(database, schema);
  proveWritable(database);
  database.emptyLog();
}

function configure(database: Database, { secureDelete = false }: OpenDatabaseOptions): void {
  const settings = [
    "locking_mode = EXCLUSIVE",
    "synchronous = FULL",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "temp_store = MEMORY",
    `secure_delete = ${secureDelete ? "ON" : "OFF"}`,
  ];
  for (const setting of settings) database.prepare(`PRAGMA ${setting}`).all();
}

/** Takes the lock, which locking_mode EXCLUSIVE then keeps until the end. */
function takeLock(database: Database): void {
  database.prepare("BEGIN EXCLUSIVE").run();
  database.prepare("COMMIT").run();
}

function refuseDamaged(database: Database, { store }: Schema, finding: string): never {
  const cause = new Error(finding);
  throw new StorageError(store, database.path, damaged(database.path), { cause });
}

function rebuildIndexes(database: Database, log: Logger, finding: string): void {
  database.prepare("REINDEX").run();
  log.warn("Rebuilt the damaged indexes of a store", { file: database.path }, {
    error: new Error(finding),
  });
}

/** SQLite answers with the mode it has, whether or not it is the one that was asked for. */
function useWriteAheadLog(database: Database): void {
  const mode = database.prepare("PRAGMA journal_mode = WAL").get()?.journal_mode;
  if (mode === "wal" || database.path === ":memory:") return;
  throw new Error(`Cannot use the write-ahead log: journal mode ${mode}, wal`);
}

/** A write that changes nothing: SQLite opens a file that it may only read without saying so. */
function proveWritable(database: Database): void {
  database.prepare("UPDATE store_format SET min_reader = min_reader").run();
}
