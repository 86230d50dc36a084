/**
 * The schema of a store: numbered steps, each in one transaction.
 *
 * After an OTA update is rolled back, the older program meets a store that a newer one has migrated. It can
 * go on as long as the newer steps only added what it needn't know (tables, columns with a default): a step
 * says so by leaving `minReader` as it was. A step that changes meaning raises it, and the older program
 * refuses. So: never change a step that was released, name the columns of every insert, and write no check
 * that a later value would break.
 */
import type { Database } from "./database.ts";
import { damaged } from "./open_refusal.ts";
import type { Refusal } from "./storage_error.ts";

/** Step n of a schema makes version n of version n - 1; the first has number 1. */
export interface Migration {
  /** The oldest schema version whose program can use the store after this step. */
  readonly minReader: number;
  /** One SQL statement each. */
  readonly statements: readonly string[];
}

export interface Schema {
  /** What the store is to its user, in messages: "key info store". */
  readonly store: string;
  /** Marks the file as this kind of store (SQLite, `PRAGMA application_id`): 4 bytes, read as text. */
  readonly applicationId: string;
  readonly migrations: readonly Migration[];
}

const FORMAT_TABLE = "CREATE TABLE store_format (min_reader INTEGER NOT NULL) STRICT";

/** The tables of upstream's SQLite key info manager (reference, section 5.4). */
const UPSTREAM_TABLES: readonly string[] = ["kim_metadata", "key_mapping"];

/**
 * Whether the file is an empty database or one of this schema that this program can use; changes nothing.
 * @returns The reason for refusing it.
 */
export function refusalOf(database: Database, schema: Schema): Refusal | undefined {
  const tables = tableNames(database);
  const applicationId = pragma(database, "application_id");
  if (applicationId === 0 && tables.length === 0) return undefined;
  if (tables.some((name) => UPSTREAM_TABLES.includes(name))) return upstream(database.path);
  if (applicationId !== applicationIdOf(schema)) return foreign(database.path, schema);
  if (pragma(database, "user_version") < 1) return damaged(database.path);
  const minReader = readMinReader(database);
  return minReader > schema.migrations.length
    ? tooNew(database.path, schema, minReader)
    : undefined;
}

/** Runs the steps that the store hasn't seen. */
export function migrate(database: Database, schema: Schema): void {
  const version = pragma(database, "user_version");
  schema.migrations.slice(version).forEach((migration, index) => {
    database.transaction(() => applyStep(database, schema, migration, version + index + 1));
  });
}

function applyStep(database: Database, schema: Schema, step: Migration, version: number): void {
  const run = (sql: string) => database.prepare(sql).run();
  if (version === 1) {
    run(`PRAGMA application_id = ${applicationIdOf(schema)}`);
    run(FORMAT_TABLE);
    run("INSERT INTO store_format (min_reader) VALUES (0)");
  }
  step.statements.forEach(run);
  database.prepare("UPDATE store_format SET min_reader = ?").run(step.minReader);
  run(`PRAGMA user_version = ${version}`);
}

/** The four bytes as SQLite stores them: a signed, big-endian integer. */
function applicationIdOf({ applicationId }: Schema): number {
  return new DataView(new TextEncoder().encode(applicationId).buffer).getInt32(0);
}

function tableNames(database: Database): readonly string[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return rows.map((row) => String(row.name));
}

function pragma(database: Database, name: "application_id" | "user_version"): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function readMinReader(database: Database): number {
  return Number(database.prepare("SELECT max(min_reader) AS n FROM store_format").get()?.n);
}

function upstream(path: string): Refusal {
  return {
    problem: "upstream",
    found: `${path} is a store of the upstream Parsec service`,
    wanted: "which this version doesn't read yet",
    nextStep: "give this service a path of its own; the file was not changed",
  };
}

function foreign(path: string, { store }: Schema): Refusal {
  return {
    problem: "foreign",
    found: `${path} is a database made for something else`,
    wanted: `a ${store}`,
    nextStep: "correct the path in the configuration; the file was not changed",
  };
}

function tooNew(path: string, { migrations }: Schema, minReader: number): Refusal {
  return {
    problem: "too_new",
    found: `${path} was written by a newer version and needs one that reads schema ${minReader}`,
    wanted: `this one reads schemas up to ${migrations.length}`,
    nextStep: "go back to the newer version; the file was not changed",
  };
}
