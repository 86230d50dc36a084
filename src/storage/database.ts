/** A durable SQLite file that this process alone holds. Made by {@linkcode openDatabase}. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Logger } from "../log.ts";

export class Database implements Disposable {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #log: Logger;

  /** Opens the file; nothing is read yet. */
  constructor(path: string, log: Logger) {
    this.path = path;
    this.#log = log;
    this.#connection = new DatabaseSync(path);
  }

  prepare(sql: string): StatementSync {
    return this.#connection.prepare(sql);
  }

  /** All of it is on the disk when this returns; nothing of it is in the store when it throws. */
  transaction<T>(body: () => T): T {
    this.prepare("BEGIN IMMEDIATE").run();
    try {
      const result = body();
      this.prepare("COMMIT").run();
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** SQLite rolls back by itself after some errors, and then there is nothing left to roll back. */
  #rollBack(): void {
    if (this.#connection.isTransaction) this.prepare("ROLLBACK").run();
  }

  /** Moves the write-ahead log into the database and empties it, so that it holds no old rows. */
  emptyLog(): void {
    this.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  }

  [Symbol.dispose](): void {
    try {
      this.#connection.close();
    } catch (error) {
      this.#log.error("A store could not be closed cleanly", { file: this.path }, { error });
    }
  }
}
