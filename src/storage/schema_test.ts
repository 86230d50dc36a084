import assert from "node:assert/strict";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./open_database.ts";
import type { Migration, Schema } from "./schema.ts";
import { StorageError } from "./storage_error.ts";

const TABLE: Migration = { minReader: 1, statements: ["CREATE TABLE item (name TEXT) STRICT"] };
const COLUMN: Migration = {
  minReader: 1,
  statements: [
    "ALTER TABLE item ADD COLUMN size INTEGER NOT NULL DEFAULT 7",
    "CREATE TABLE extra (x INTEGER) STRICT",
  ],
};
const NEW_MEANING: Migration = { minReader: 3, statements: ["UPDATE item SET name = upper(name)"] };

function open(path: string, migrations: readonly Migration[]): Database {
  const schema: Schema = { store: "test store", applicationId: "TEST", migrations };
  return openDatabase({ path, schema, log: recordingLogger() });
}

function addItem(path: string, migrations: readonly Migration[], name: string): void {
  using database = open(path, migrations);
  database.prepare("INSERT INTO item (name) VALUES (?)").run(name);
}

function version(database: Database): unknown {
  return database.prepare("PRAGMA user_version").get()?.user_version;
}

Deno.test("migrate() brings a new store to the last step, and runs each step once", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  addItem(path, [TABLE], "a");
  for (let time = 0; time < 2; time++) {
    using database = open(path, [TABLE, COLUMN, NEW_MEANING]);
    assert.equal(version(database), 3);
    const rows = database.prepare("SELECT name, size FROM item").all().map((row) => ({ ...row }));
    assert.deepEqual(rows, [{ name: "A", size: 7 }]);
  }
});

Deno.test("migrate() leaves what an older program can use, and it doesn't undo a step", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  addItem(path, [TABLE, COLUMN], "new");
  addItem(path, [TABLE], "old");
  using database = open(path, [TABLE, COLUMN]);
  assert.equal(version(database), 2);
  const rows = database.prepare("SELECT name, size FROM item").all().map((row) => ({ ...row }));
  assert.deepEqual(rows, [{ name: "new", size: 7 }, { name: "old", size: 7 }]);
});

Deno.test("refusalOf() refuses a store whose meaning is newer, which stays as it was", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  addItem(path, [TABLE, COLUMN, NEW_MEANING], "new");
  const before = Deno.readFileSync(path);
  for (const migrations of [[TABLE], [TABLE, COLUMN]]) {
    assert.throws(() => open(path, migrations), (error) => {
      assert(error instanceof StorageError && error.problem === "too_new");
      assert.match(error.message, /newer version .* schema 3, .* up to \d; go back to the newer/);
      return true;
    });
    assert.deepEqual(Deno.readFileSync(path), before);
  }
  addItem(path, [TABLE, COLUMN, NEW_MEANING], "still there");
});

Deno.test("migrate() does a step whole or not at all", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  addItem(path, [TABLE], "a");
  const broken = {
    minReader: 2,
    statements: [...COLUMN.statements, "INSERT INTO nowhere VALUES (1)"],
  };
  assert.throws(() => open(path, [TABLE, broken]), StorageError);
  using database = open(path, [TABLE]);
  assert.equal(version(database), 1);
  assert.deepEqual(database.prepare("PRAGMA table_info(item)").all().map(({ name }) => name), [
    "name",
  ]);
});

Deno.test("refusalOf() takes a store without a version for damaged", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  for (const value of [0, -1]) {
    addItemThenSetVersion(value);
    assert.throws(() => open(path, [TABLE]), (error) => {
      return error instanceof StorageError && error.problem === "damaged";
    });
    Deno.removeSync(path);
  }

  function addItemThenSetVersion(value: number): void {
    using database = open(path, [TABLE]);
    database.prepare(`PRAGMA user_version = ${value}`).run();
  }
});
