import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { create, identity, info, throwsStatus } from "../../tests/key_info_suite/suite.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { openDatabase } from "../storage/open_database.ts";
import { StorageError } from "../storage/storage_error.ts";
import type { KeyIdentity, KeyRecord } from "./key_info_manager.ts";
import { KEY_INFO_SCHEMA } from "./schema.ts";
import { openKeyInfoManager, SqliteKeyInfoManager } from "./sqlite_key_info_manager.ts";

function edit(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

Deno.test("openKeyInfoManager() loses only the key of a row that it can't read", async (t) => {
  const cases: readonly [string, string, "name blocked" | "name unknown"][] = [
    ["attributes of no sense", "attributes = x'ffff'", "name blocked"],
    ["no attributes", "attributes = x''", "name blocked"],
    ["a state of a later version", "state = 'moving'", "name blocked"],
    ["an unknown auth type", "auth_type = 9", "name unknown"],
    ["an application name that isn't UTF-8", "application_name = x'ff'", "name unknown"],
    ["a provider UUID that isn't UTF-8", "provider_uuid = x'c3'", "name unknown"],
    ["a provider name that isn't UTF-8", "provider_name = x'80'", "name unknown"],
    ["a key name that isn't UTF-8", "key_name = x'eda080'", "name unknown"],
  ];
  for (const [name, damage, effect] of cases) {
    await t.step(name, () => {
      using temp = new TempFolder();
      const path = temp.file("store");
      {
        using manager = openKeyInfoManager({ path, log: recordingLogger() });
        for (const key of ["before", "hit", "after"]) create(manager, identity({ key }), 1);
      }
      edit(path, `UPDATE keys SET ${damage} WHERE key_name = CAST('hit' AS BLOB)`);
      const log = recordingLogger();
      using manager = openKeyInfoManager({ path, log });

      assert.equal(manager.get(identity({ key: "hit" })), undefined);
      const names = manager.list(identity().application).map((each) => each.identity.keyName);
      assert.deepEqual(names, ["before", "after"]);
      assert.deepEqual(manager.unsettled(identity().provider), []);
      assert.deepEqual(log.lines.map(({ level, fields }) => [level, fields]), [
        ["error", { file: path, row: "2" }],
      ]);
      if (effect === "name unknown") return create(manager, identity({ key: "hit" }), 2);
      const hit = identity({ key: "hit" });
      throwsStatus(ResponseStatus.PsaErrorAlreadyExists, () => manager.beginCreate(hit, info()));
      throwsStatus(ResponseStatus.PsaErrorDoesNotExist, () => manager.beginDestroy(hit));
    });
  }
});

Deno.test("openKeyInfoManager() goes on with a store that a later version has added to", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  {
    using manager = openKeyInfoManager({ path, log: recordingLogger() });
    create(manager, identity({ key: "old" }), 1);
  }
  edit(
    path,
    `ALTER TABLE keys ADD COLUMN later INTEGER NOT NULL DEFAULT 1;
     CREATE TABLE later (x INTEGER) STRICT;
     PRAGMA user_version = 2;`,
  );
  for (const key of ["first", "second"]) {
    using manager = openKeyInfoManager({ path, log: recordingLogger() });
    create(manager, identity({ key }), 2);
    assert.deepEqual(manager.get(identity({ key: "old" }))?.keyId, Uint8Array.of(1));
  }
});

Deno.test("a failed write is KeyInfoManagerError, and memory stays as the disk is", async (t) => {
  const steps: readonly [string, (manager: SqliteKeyInfoManager) => void][] = [
    ["beginCreate", (manager) => manager.beginCreate(identity({ key: "new" }), info(9))],
    ["commitCreate", (manager) => manager.commitCreate(identity({ key: "coming" }), info(9))],
    ["abandonCreate", (manager) => manager.abandonCreate(identity({ key: "coming" }))],
    ["beginDestroy", (manager) => manager.beginDestroy(identity({ key: "ready" }))],
    ["commitDestroy", (manager) => manager.commitDestroy(identity({ key: "going" }))],
    ["abandonDestroy", (manager) => manager.abandonDestroy(identity({ key: "going" }))],
  ];
  for (const [name, step] of steps) {
    await t.step(name, () => {
      const log = recordingLogger();
      const database = openDatabase({ path: ":memory:", schema: KEY_INFO_SCHEMA, log });
      using manager = new SqliteKeyInfoManager(database, { log, now: () => 0 });
      create(manager, identity({ key: "ready" }), 1);
      manager.beginCreate(identity({ key: "coming" }), info(2));
      create(manager, identity({ key: "going" }), 3);
      manager.beginDestroy(identity({ key: "going" }));
      const before = snapshot(manager);

      database.prepare("PRAGMA query_only = ON").run();
      assert.throws(() => step(manager), (error) => {
        assert(error instanceof StatusError);
        assert.equal(error.status, ResponseStatus.KeyInfoManagerError);
        assert(error.cause instanceof Error && "errcode" in error.cause);
        return true;
      });
      assert.deepEqual(snapshot(manager), before);

      database.prepare("PRAGMA query_only = OFF").run();
      step(manager);
      assert.notDeepEqual(snapshot(manager), before);
      assert.deepEqual(
        snapshot(new SqliteKeyInfoManager(database, { log, now: () => 0 })),
        snapshot(manager),
      );
    });
  }
});

function snapshot(manager: SqliteKeyInfoManager): unknown {
  return {
    keys: manager.list(identity().application),
    unsettled: manager.unsettled(identity().provider),
  };
}

Deno.test("the time of creation is stored, in milliseconds", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  {
    using manager = openKeyInfoManager({
      path,
      log: recordingLogger(),
      now: () => 1_700_000_000_123,
    });
    create(manager, identity(), 1);
  }
  using database = new DatabaseSync(path);
  assert.equal(database.prepare("SELECT created FROM keys").get()?.created, 1_700_000_000_123);
});

Deno.test("a wrong bit anywhere in the file costs one key at most, or is refused", () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  const keys = ["one", "two", "three"].map((key) => identity({ key }));
  {
    using manager = openKeyInfoManager({ path, log: recordingLogger() });
    keys.forEach((key, index) => create(manager, key, index));
  }
  const sound = Deno.readFileSync(path);
  const seen = { refused: 0, hit: 0, unharmed: 0, rebuilt: 0 };
  for (let at = 0; at < sound.length; at += 19) {
    const bytes = sound.slice();
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    Deno.writeFileSync(path, bytes);
    look(at);
  }
  assert(Object.values(seen).every((count) => count > 3), JSON.stringify(seen));

  function look(at: number): void {
    const log = recordingLogger();
    try {
      using manager = openKeyInfoManager({ path, log });
      const hit = keys.filter((key, index) =>
        !isDeepStrictEqual(manager.get(key), record(key, index))
      );
      assert(hit.length <= 1, `byte ${at}: ${hit.length} keys hit`);
      seen[hit.length === 0 ? "unharmed" : "hit"]++;
      if (log.lines.some(({ message }) => message.startsWith("Rebuilt"))) seen.rebuilt++;
      create(manager, identity({ key: "another" }), 9);
      for (const key of keys) if (manager.get(key)) manager.beginDestroy(key);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      seen.refused++;
    }
  }

  function record(key: KeyIdentity, keyId: number): KeyRecord {
    return { identity: key, ...info(keyId) };
  }
});
