import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { openDatabase } from "./open_database.ts";
import type { Schema } from "./schema.ts";
import { StorageError, type StorageProblem } from "./storage_error.ts";

const SCHEMA: Schema = {
  store: "test store",
  applicationId: "TEST",
  migrations: [{ minReader: 1, statements: ["CREATE TABLE item (name TEXT NOT NULL) STRICT"] }],
};

function open(path: string, log = recordingLogger()) {
  return openDatabase({ path, schema: SCHEMA, log });
}

/** Opening must be refused; the message is in the form that every refusal has. */
function refused(path: string, problem: StorageProblem): StorageError {
  let thrown: unknown;
  try {
    open(path)[Symbol.dispose]();
  } catch (error) {
    thrown = error;
  }
  assert(thrown instanceof StorageError, `refused with a StorageError, not ${thrown}`);
  assert.equal(thrown.problem, problem, thrown.message);
  assert.equal(thrown.path, path);
  assert.match(thrown.message, /^Cannot open the test store: .+, .+; [^.]+$/s);
  assert(thrown.message.includes(path));
  return thrown;
}

function addItem(path: string, name: string): void {
  using database = open(path);
  database.prepare("INSERT INTO item (name) VALUES (?)").run(name);
}

function items(path: string): readonly unknown[] {
  using database = open(path);
  return database.prepare("SELECT name FROM item ORDER BY rowid").all().map(({ name }) => name);
}

const modeOf = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o7777;

Deno.test("openDatabase() makes folders 0700 and all files 0600", () => {
  using temp = new TempFolder();
  const path = temp.file("a/b/store");
  const log = recordingLogger();
  using database = open(path, log);
  database.prepare("INSERT INTO item (name) VALUES ('x')").run();
  assert.equal(modeOf(temp.file("a")), 0o700);
  assert.equal(modeOf(temp.file("a/b")), 0o700);
  const files = [...Deno.readDirSync(temp.file("a/b"))].map(({ name }) => name).sort();
  assert.deepEqual(files, ["store", "store-wal"]);
  for (const name of files) assert.equal(modeOf(temp.file(`a/b/${name}`)), 0o600, name);
  assert.deepEqual(log.lines, []);
});

Deno.test("openDatabase() leaves the modes of what is there, and warns of them", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  open(path)[Symbol.dispose]();
  Deno.chmodSync(temp.path, 0o775);
  Deno.chmodSync(path, 0o640);
  const log = recordingLogger();
  open(path, log)[Symbol.dispose]();
  assert.equal(modeOf(temp.path), 0o775);
  assert.equal(modeOf(path), 0o640);
  assert.deepEqual(log.lines.map(({ level, fields }) => [level, fields.found, fields.nextStep]), [
    ["warn", "0775", `chmod 0700 ${temp.path}`],
    ["warn", "0640", `chmod 0600 ${path}`],
  ]);
});

Deno.test("openDatabase() doesn't warn of a folder that others may only read", () => {
  using temp = new TempFolder();
  Deno.chmodSync(temp.path, 0o755);
  const log = recordingLogger();
  open(temp.file("store"), log)[Symbol.dispose]();
  assert.deepEqual(log.lines, []);
});

Deno.test("openDatabase() syncs every transaction to the disk, by the write-ahead log", () => {
  using temp = new TempFolder();
  using database = open(temp.file("store"));
  const value = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  assert.equal(value("journal_mode"), "wal");
  assert.equal(value("synchronous"), 2);
  assert.equal(value("locking_mode"), "exclusive");
});

Deno.test("openDatabase() keeps what was written, without leaving a log behind", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  addItem(path, "first");
  addItem(path, "second");
  assert.deepEqual(items(path), ["first", "second"]);
  assert.deepEqual([...Deno.readDirSync(temp.path)].map(({ name }) => name), ["store"]);
});

Deno.test("openDatabase() takes an empty file for a new store", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  Deno.writeFileSync(path, new Uint8Array());
  addItem(path, "x");
  assert.deepEqual(items(path), ["x"]);
});

Deno.test("openDatabase() works in memory, and leaves no file", () => {
  using database = open(":memory:");
  database.prepare("INSERT INTO item (name) VALUES ('x')").run();
  assert.equal(database.prepare("SELECT count(*) AS n FROM item").get()?.n, 1);
  assert.throws(() => Deno.statSync(":memory:"), Deno.errors.NotFound);
});

Deno.test("openDatabase() refuses a store that is open, and the first goes on", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  using database = open(path);
  const { message } = refused(path, "in_use");
  assert(message.includes(`another parsec is using ${path}`));
  database.prepare("INSERT INTO item (name) VALUES ('x')").run();
  refused(path, "in_use");
});

Deno.test("openDatabase() refuses what is no store, and changes nothing", async (t) => {
  const foreign = (sql: string) => (path: string) => {
    using database = new DatabaseSync(path);
    database.exec(sql);
  };
  const cases: readonly [string, StorageProblem, (path: string) => void][] = [
    ["text", "not_a_database", (path) => Deno.writeTextFileSync(path, "text\n".repeat(500))],
    ["a few bytes", "not_a_database", (path) => Deno.writeTextFileSync(path, "few")],
    ["another program's database", "foreign", foreign("CREATE TABLE other (x)")],
    ["an empty database of another program", "foreign", foreign("PRAGMA application_id = 7")],
    ["another kind of store", "foreign", (path) => {
      const schema = { ...SCHEMA, applicationId: "ELSE" };
      openDatabase({ path, schema, log: recordingLogger() })[Symbol.dispose]();
    }],
    [
      "a store of upstream",
      "upstream",
      foreign(
        `CREATE TABLE kim_metadata (id TEXT PRIMARY KEY NOT NULL, int_value INTEGER NOT NULL);
         CREATE TABLE key_mapping (authenticator_id INTEGER NOT NULL);`,
      ),
    ],
    ["half a store of upstream", "upstream", foreign("CREATE TABLE kim_metadata (id TEXT)")],
  ];
  for (const [name, problem, make] of cases) {
    await t.step(name, () => {
      using temp = new TempFolder();
      const path = temp.file("store");
      make(path);
      const before = Deno.readFileSync(path);
      refused(path, problem);
      assert.deepEqual(Deno.readFileSync(path), before);
    });
  }
});

Deno.test("openDatabase() refuses a folder, and a path below a file", () => {
  using temp = new TempFolder();
  refused(temp.path, "not_accessible");
  Deno.writeTextFileSync(temp.file("file"), "");
  refused(temp.file("file/store"), "not_accessible");
});

Deno.test("openDatabase() refuses a store that is cut short", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  addItem(path, "x".repeat(20_000));
  const whole = Deno.readFileSync(path);
  // SQLite takes a file of one byte for an empty one.
  for (const length of [2, 99, 100, 4095, 4096, 8192, whole.length - 4096]) {
    Deno.writeFileSync(path, whole.subarray(0, length));
    refused(path, length < 16 ? "not_a_database" : "damaged");
  }
});

Deno.test("openDatabase() either refuses a store with a wrong bit or finds its table", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  addItem(path, "x");
  const sound = Deno.readFileSync(path);
  const problems = new Set<string>();
  // The header, the start of the schema's page, and the header of the last page.
  const lastPage = sound.length - 4096;
  for (let at = 0; at < 120; at++) flip(at);
  for (let at = 0; at < 12; at++) flip(lastPage + at);
  assert(problems.has("not_a_database") && problems.has("damaged"), [...problems].join());

  function flip(at: number): void {
    const bytes = sound.slice();
    bytes[at] = (bytes[at] ?? 0) ^ 0x01;
    Deno.writeFileSync(path, bytes);
    try {
      using database = open(path);
      assert.equal(typeof database.prepare("SELECT count(*) AS n FROM item").get()?.n, "number");
    } catch (error) {
      assert(error instanceof StorageError, `byte ${at}: ${error}`);
      problems.add(error.problem);
    }
  }
});

Deno.test("openDatabase() opens a store again whose log was cut short at any byte", () => {
  using temp = new TempFolder();
  const [path, log] = [temp.file("store"), temp.file("store-wal")];
  open(path)[Symbol.dispose]();
  const before = Deno.readFileSync(path);
  const frames = unfinishedLog(path, log, ["a", "b", "c"]);
  for (let length = 0; length <= frames.length; length += 101) {
    Deno.writeFileSync(path, before);
    Deno.writeFileSync(log, frames.subarray(0, length));
    const found = items(path).join("");
    assert("abc".startsWith(found), `${length} bytes: ${found}`);
  }
  Deno.writeFileSync(path, before);
  Deno.writeFileSync(log, frames);
  assert.deepEqual(items(path), ["a", "b", "c"]);

  /** The write-ahead log as it is before the store is closed. */
  function unfinishedLog(path: string, log: string, names: readonly string[]): Uint8Array {
    using database = open(path);
    const insert = database.prepare("INSERT INTO item (name) VALUES (?)");
    for (const name of names) insert.run(name);
    return Deno.readFileSync(log);
  }
});
