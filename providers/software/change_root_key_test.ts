import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { StorageError } from "../../src/storage/storage_error.ts";
import { type LogLine, recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { ATTRIBUTES, identity } from "../../tests/key_info_suite/suite.ts";
import { credentialRootKey } from "./credential_root_key.ts";
import { fileRootKey } from "./file_root_key.ts";
import { type KeyStore, type KeyStoreOptions, openKeyStore } from "./key_store.ts";
import type { RootKeySealer } from "./root_key.ts";

const IDS = [1, 2, 3];
const MOVED = "Moved the software keys to another root key";
const NOT_NEEDED =
  "All software keys are under the root key: take previous_root_key out of the configuration";
const LEFT_BEHIND =
  "Damaged software keys are not under the root key: restore store and old root key from a backup, or have the " +
  "keys destroyed by their applications; keep previous_root_key until the log says to take it out";
const NAME_IT_AGAIN =
  "An old root key was not destroyed: previous_root_key has to name it once more";

/** A folder with a store and with two credentials, each another root key. */
class Place implements Disposable {
  readonly #temp = new TempFolder();
  readonly folder = this.#temp.file("state");
  readonly file = fileRootKey({ folder: this.folder, log: recordingLogger() });
  readonly first = this.#credential("first", 0x11);
  readonly second = this.#credential("second", 0x22);
  readonly path = `${this.folder}/software-keys.sqlite3`;
  readonly rootKeyPath = `${this.folder}/root.key`;

  #credential(name: string, byte: number): RootKeySealer {
    Deno.writeFileSync(this.#temp.file(name), new Uint8Array(32).fill(byte), { mode: 0o400 });
    return credentialRootKey({ folder: this.#temp.path, name });
  }

  /** Opens the store; returns what was logged. */
  async use(
    sealers: Pick<KeyStoreOptions, "rootKey" | "previousRootKey">,
    body: (store: KeyStore) => void = assertAllThere,
  ): Promise<readonly string[]> {
    const lines = await this.log(sealers, body);
    return lines.map(({ level, message }) => `${level}: ${message}`);
  }

  /** As `use`, with the fields of each line. */
  async log(
    sealers: Pick<KeyStoreOptions, "rootKey" | "previousRootKey">,
    body: (store: KeyStore) => void,
  ): Promise<readonly LogLine[]> {
    const log = recordingLogger();
    using store = await openKeyStore({ folder: this.folder, ...sealers, log });
    body(store);
    return log.lines;
  }

  edit(sql: string): void {
    using database = new DatabaseSync(this.path);
    database.exec(sql);
  }

  /** The keys of the rows, sealed under the root key. */
  rowKeys(): readonly Uint8Array[] {
    using database = new DatabaseSync(this.path);
    return database.prepare("SELECT row_key FROM key_material").all().map(({ row_key: bytes }) => {
      assert(bytes instanceof Uint8Array);
      return bytes;
    });
  }

  filesHold(bytes: Uint8Array): boolean {
    const wanted = bytes.toHex();
    return [...Deno.readDirSync(this.folder)].some(({ name }) =>
      Deno.readFileSync(`${this.folder}/${name}`).toHex().includes(wanted)
    );
  }

  hasRootKeyFile(): boolean {
    return [...Deno.readDirSync(this.folder)].some(({ name }) => name.startsWith("root.key"));
  }

  [Symbol.dispose](): void {
    this.#temp[Symbol.dispose]();
  }
}

function keyOf(id: number): Key {
  const key = `key ${id}`;
  return {
    id: new Uint8Array(16).fill(id),
    attributes: ATTRIBUTES,
    identity: identity({ key }),
  };
}

function materialOf(id: number): Uint8Array {
  return new TextEncoder().encode(`material of key ${id}`);
}

function putAll(store: KeyStore): void {
  for (const id of IDS) store.put(keyOf(id), materialOf(id));
}

function assertAllThere(store: KeyStore): void {
  for (const id of IDS) assert.deepEqual(Uint8Array.from(store.get(keyOf(id))), materialOf(id));
}

/** All but key 2. */
function assertOthersThere(store: KeyStore): void {
  for (const id of [1, 3]) assert.deepEqual(Uint8Array.from(store.get(keyOf(id))), materialOf(id));
}

/** Of the lines with this message. */
function fieldsOf(lines: readonly LogLine[], message: string) {
  return lines.filter((line) => line.message === message).map(({ fields }) => fields);
}

async function assertRefused(opening: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(opening, (error) => {
    assert(error instanceof StorageError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("keys move to the root key of the configuration when it names the previous one", async (t) => {
  const moves = [
    ["file", "first"],
    ["first", "file"],
    ["first", "second"],
  ] as const;
  for (const [from, to] of moves) {
    await t.step(`${from} to ${to}`, async () => {
      using place = new Place();
      const [previousRootKey, rootKey] = [place[from], place[to]];
      await place.use({ rootKey: previousRootKey }, putAll);
      const before = place.rowKeys();

      const logged = await place.use({ rootKey, previousRootKey }, (store) => {
        assertAllThere(store);
        for (const rowKey of before) assert(!place.filesHold(rowKey));
      });
      assert(logged.includes(`info: ${MOVED}`), logged.join());
      assert(logged.includes(`info: ${NOT_NEEDED}`), logged.join());
      assert.equal(place.hasRootKeyFile(), to === "file");

      assert.deepEqual(
        (await place.use({ rootKey, previousRootKey })).filter((line) => line.includes("under")),
        [`warn: ${NOT_NEEDED}`],
      );
      assert((await place.use({ rootKey })).every((line) => !line.includes(NOT_NEEDED)));
      await assertRefused(place.use({ rootKey: previousRootKey }), /root key/);
    });
  }
});

Deno.test("keys stay where they are unless the configuration names the previous root key", async () => {
  using place = new Place();
  await place.use({ rootKey: place.file }, putAll);
  const before = place.rowKeys();
  await assertRefused(
    place.use({ rootKey: place.first }),
    /first doesn't open the keys .* if it is elsewhere, name it in previous_root_key, to move/,
  );
  await assertRefused(
    place.use({ rootKey: place.first, previousRootKey: place.second }),
    /first doesn't open the keys/,
  );
  assert.deepEqual(place.rowKeys(), before);
  await place.use({ rootKey: place.file });
});

Deno.test("a new root key is only made where the previous one opens the keys", async () => {
  using place = new Place();
  await place.use({ rootKey: place.first }, putAll);
  for (const previousRootKey of [undefined, place.second]) {
    await assertRefused(
      place.use({ rootKey: place.file, previousRootKey }),
      /root\.key is missing, but .* holds 3 keys, .* name it in previous_root_key/,
    );
    assert(!place.hasRootKeyFile());
  }
});

Deno.test("a store without keys changes its root key all the same", async () => {
  using place = new Place();
  const [previousRootKey, rootKey] = [place.file, place.first];
  await place.use({ rootKey: previousRootKey }, () => {});
  await place.use({ rootKey, previousRootKey }, putAll);
  assert(!place.hasRootKeyFile());
  await place.use({ rootKey });
});

Deno.test("the previous root key need not exist once the keys have moved, nor before there are any", async () => {
  using place = new Place();
  const previousRootKey: RootKeySealer = {
    ...place.file,
    place: "gone",
    load: () => assert.fail("not needed"),
  };
  await place.use({ rootKey: place.first }, putAll);
  await place.use({ rootKey: place.first, previousRootKey });
  using fresh = new Place();
  await fresh.use({ rootKey: fresh.first, previousRootKey: fresh.file }, putAll);
  await fresh.use({ rootKey: fresh.first });
});

Deno.test("a damaged key stays, with the old root key, and the others move", async () => {
  using place = new Place();
  const [previousRootKey, rootKey] = [place.file, place.first];
  await place.use({ rootKey: previousRootKey }, putAll);
  place.edit(`UPDATE key_material SET row_key = zeroblob(60) WHERE key_id = x'${"02".repeat(16)}'`);
  const sealers = { rootKey, previousRootKey };
  const left = { keys: 1, ids: "02".repeat(16), rootKey: previousRootKey.place };
  const first = await place.log(sealers, (store) => {
    assertOthersThere(store);
    assert.throws(
      () => store.get(keyOf(2)),
      (error) =>
        error instanceof StatusError && error.status === ResponseStatus.PsaErrorDataCorrupt,
    );
  });
  assert.deepEqual(
    fieldsOf(first, MOVED),
    [{ from: previousRootKey.place, to: rootKey.place, keys: 2, leftBehind: 1 }],
  );
  // Each start says which keys stayed, and never that there are none.
  for (const lines of [first, await place.log(sealers, assertOthersThere)]) {
    assert.deepEqual(fieldsOf(lines, LEFT_BEHIND), [left]);
    assert.deepEqual(fieldsOf(lines, NOT_NEEDED), []);
    assert(Deno.statSync(place.rootKeyPath).isFile);
  }
  assert((await place.use({ rootKey }, assertOthersThere)).includes(`warn: ${NAME_IT_AGAIN}`));
});

Deno.test("the old root key goes once the damaged keys under it are gone", async () => {
  using place = new Place();
  const [previousRootKey, rootKey] = [place.file, place.first];
  await place.use({ rootKey: previousRootKey }, putAll);
  place.edit(`UPDATE key_material SET row_key = zeroblob(60) WHERE key_id = x'${"02".repeat(16)}'`);
  await place.use({ rootKey, previousRootKey }, (store) => store.remove(keyOf(2)));
  assert(place.hasRootKeyFile());
  const logged = await place.use({ rootKey, previousRootKey }, assertOthersThere);
  assert(logged.includes(`info: ${NOT_NEEDED}`), logged.join());
  assert(!place.hasRootKeyFile());
  assert(
    (await place.use({ rootKey }, assertOthersThere)).every((line) =>
      !line.includes("root key has")
    ),
  );
});

Deno.test("many keys that stay are counted, and the first of them named", async () => {
  using place = new Place();
  const [previousRootKey, rootKey] = [place.file, place.first];
  const ids = Array.from({ length: 12 }, (_, i) => i + 1);
  await place.use({ rootKey: previousRootKey }, (store) => {
    for (const id of ids) store.put(keyOf(id), materialOf(id));
  });
  place.edit("UPDATE key_material SET row_key = zeroblob(60)");
  const [fields] = fieldsOf(await place.log({ rootKey, previousRootKey }, () => {}), LEFT_BEHIND);
  assert.equal(fields?.keys, 12);
  const named = ids.slice(0, 8).map((id) => keyOf(id).id.toHex());
  assert.equal(fields?.ids, [...named, "..."].join(", "));
});

Deno.test("an old root key that can't be destroyed costs nothing, and the next start tries again", async () => {
  using place = new Place();
  const rootKey = place.first;
  const stuck: RootKeySealer = {
    ...place.file,
    destroy: () => {
      throw new Error("The disk is read-only");
    },
  };
  await place.use({ rootKey: place.file }, putAll);
  const logged = await place.use({ rootKey, previousRootKey: stuck });
  assert(
    logged.includes("error: The old root key could not be destroyed; the next start tries again"),
    logged.join(),
  );
  assert(place.hasRootKeyFile());
  assert(
    (await place.use({ rootKey })).includes(
      `warn: ${NAME_IT_AGAIN}`,
    ),
  );
  const again = await place.use({ rootKey, previousRootKey: place.file });
  assert(again.includes(`info: ${NOT_NEEDED}`), again.join());
  assert(!place.hasRootKeyFile());
});

Deno.test("a root key that isn't the one that was replaced is not destroyed", async () => {
  using place = new Place();
  const rootKey = place.first;
  const destroy = () => {
    throw new Error("The power goes");
  };
  await place.use({ rootKey: place.file }, putAll);
  await place.use({ rootKey, previousRootKey: { ...place.file, destroy } });
  Deno.writeFileSync(place.rootKeyPath, new Uint8Array(32).fill(1));
  const logged = await place.use({ rootKey, previousRootKey: place.file });
  assert(
    logged.includes(
      "warn: The root key at previous_root_key is not the one that was replaced: it is kept",
    ),
    logged.join(),
  );
  assert(place.hasRootKeyFile());
});

Deno.test("a move that fails halfway leaves every key under the old root key", async () => {
  using place = new Place();
  await place.use({ rootKey: place.file }, putAll);
  place.edit(`CREATE TRIGGER fail BEFORE UPDATE ON key_material
    WHEN old.key_id = x'${"02".repeat(16)}' BEGIN SELECT RAISE(ABORT, 'no'); END`);
  const before = place.rowKeys();
  await assert.rejects(place.use({ rootKey: place.first, previousRootKey: place.file }));
  assert.deepEqual(place.rowKeys(), before);
  await place.use({ rootKey: place.file });
});

Deno.test("the root key suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
