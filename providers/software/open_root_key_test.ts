import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { StorageError } from "../../src/storage/storage_error.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { ATTRIBUTES, identity } from "../../tests/key_info_suite/suite.ts";
import { fileRootKey } from "./file_root_key.ts";
import { type KeyStore, openKeyStore } from "./key_store.ts";

const KEY = { id: new Uint8Array(16), attributes: ATTRIBUTES, identity: identity() };
const MATERIAL = Uint8Array.of(1, 2, 3);

function open(folder: string, log = recordingLogger()): Promise<KeyStore> {
  return openKeyStore({ folder, rootKey: fileRootKey({ folder, log }), log });
}

async function withOneKey(folder: string): Promise<void> {
  using store = await open(folder);
  store.put(KEY, MATERIAL);
}

async function assertRefused(folder: string, message: RegExp): Promise<void> {
  await assert.rejects(open(folder), (error) => {
    assert(error instanceof StorageError, String(error));
    assert.equal(error.problem, "root_key");
    assert.match(error.message, /^Cannot open the software key store: /);
    assert.match(error.message, message);
    return true;
  });
}

async function assertKeyThere(folder: string, log = recordingLogger()): Promise<void> {
  using store = await open(folder, log);
  assert.deepEqual(Uint8Array.from(store.get(KEY)), MATERIAL);
}

Deno.test("openRootKey() makes one root key and uses it from then on", async () => {
  using temp = new TempFolder();
  await withOneKey(temp.path);
  const root = Deno.readFileSync(temp.file("root.key"));
  assert.equal(root.length, 32);
  await assertKeyThere(temp.path);
  assert.deepEqual(Deno.readFileSync(temp.file("root.key")), root);
  using other = new TempFolder();
  await withOneKey(other.path);
  assert.notDeepEqual(Deno.readFileSync(other.file("root.key")), root);
});

Deno.test("openRootKey() makes no new root key when there are keys under a lost one", async () => {
  using temp = new TempFolder();
  await withOneKey(temp.path);
  const root = Deno.readFileSync(temp.file("root.key"));
  Deno.removeSync(temp.file("root.key"));
  for (let time = 0; time < 2; time++) {
    await assertRefused(temp.path, /root\.key is missing, but \S+ holds 1 keys, .*restore both/);
    assert.throws(() => Deno.statSync(temp.file("root.key")), Deno.errors.NotFound);
  }
  Deno.writeFileSync(temp.file("root.key"), root, { mode: 0o600 });
  await assertKeyThere(temp.path);
});

Deno.test("openRootKey() tells a wrong root key from damaged keys", async () => {
  using temp = new TempFolder();
  await withOneKey(temp.path);
  const root = Deno.readFileSync(temp.file("root.key"));
  const wrong = root.slice();
  wrong[31] = (wrong[31] ?? 0) ^ 1;
  Deno.writeFileSync(temp.file("root.key"), wrong);
  await assertRefused(temp.path, /root\.key doesn't open the keys in \S+, .*same backup/);
  Deno.writeFileSync(temp.file("root.key"), root);
  await assertKeyThere(temp.path);
});

Deno.test("openRootKey() makes a new root key for a store whose keys are all gone", async () => {
  using temp = new TempFolder();
  await withOneKey(temp.path);
  {
    using store = await open(temp.path);
    store.remove(KEY);
  }
  Deno.removeSync(temp.file("root.key"));
  await withOneKey(temp.path);
  await assertKeyThere(temp.path);
});

Deno.test("openRootKey() goes on after a power cut between root key and check value", async () => {
  using temp = new TempFolder();
  {
    using _empty = await open(temp.path);
  }
  edit(temp.path, "DELETE FROM root_key_check");
  await withOneKey(temp.path);
  await assertKeyThere(temp.path);
});

Deno.test("openRootKey() renews one damaged check value, and refuses when both are", async () => {
  using temp = new TempFolder();
  for (const copy of [1, 2]) {
    if (copy === 1) await withOneKey(temp.path);
    edit(temp.path, `UPDATE root_key_check SET sealed = zeroblob(28) WHERE copy = ${copy}`);
    const log = recordingLogger();
    await assertKeyThere(temp.path, log);
    const warnings = log.lines.map(({ message }) => message);
    assert(warnings.includes("Renewed a damaged check value of the root key"));
  }
  const log = recordingLogger();
  await assertKeyThere(temp.path, log);
  assert.equal(log.lines.length, 1, "only the warning of the root key's file");
  edit(temp.path, "UPDATE root_key_check SET sealed = x'00'");
  await assertRefused(temp.path, /doesn't open the keys/);
});

function edit(folder: string, sql: string): void {
  using database = new DatabaseSync(`${folder}/software-keys.sqlite3`);
  database.exec(sql);
}
