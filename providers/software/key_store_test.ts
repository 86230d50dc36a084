import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Secret } from "../../ffi/runtime/secret.ts";
import { AuthType } from "../../src/auth_type.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes, KeyPolicy } from "../../src/psa/key_attributes.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, type UsageFlag } from "../../src/psa/usage_flags.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { StorageError } from "../../src/storage/storage_error.ts";
import { type RecordingLogger, recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { TempFolder } from "../../tests/fakes/temp_folder.ts";
import { ATTRIBUTES, identity, type IdentityParts } from "../../tests/key_info_suite/suite.ts";
import { type KeyStore, openKeyStore } from "./key_store.ts";
import type { RootKeySealer } from "./root_key.ts";

const ROOT: RootKeySealer = {
  place: "a fixed key",
  protection: { level: "info", message: "Software keys are protected by nothing" },
  load: () => new Secret(new Uint8Array(32).fill(0x5a)),
  store: () => assert.fail("there is a root key"),
};

function open(folder: string, log: RecordingLogger = recordingLogger()): Promise<KeyStore> {
  return openKeyStore({ folder, rootKey: ROOT, log });
}

function keyOf(id: number, parts: IdentityParts = {}): Key {
  return { id: new Uint8Array(16).fill(id), attributes: ATTRIBUTES, identity: identity(parts) };
}

function materialOf({ id }: Key): Uint8Array {
  return Uint8Array.from({ length: 48 }, (_, index) => index ^ (id[0] ?? 0));
}

const fails = (status: ResponseStatus) => (error: unknown) =>
  error instanceof StatusError && error.status === status;
const isCorrupt = fails(ResponseStatus.PsaErrorDataCorrupt);
const isAbsent = fails(ResponseStatus.PsaErrorDoesNotExist);

function edit(path: string, sql: string, ...values: (number | Uint8Array)[]): void {
  using database = new DatabaseSync(path);
  database.prepare(sql).run(...values);
}

Deno.test("put() stores any bytes, over a restart", async () => {
  using temp = new TempFolder();
  const materials = [0, 1, 15, 16, 17, 32, 4096, 100_000].map((length) =>
    Uint8Array.from({ length }, (_, index) => index * 7)
  );
  {
    using store = await open(temp.path);
    materials.forEach((material, index) => store.put(keyOf(index), material));
  }
  using store = await open(temp.path);
  materials.forEach((material, index) => {
    assert.deepEqual(Uint8Array.from(store.get(keyOf(index))), material);
  });
});

Deno.test("put() refuses an id that is taken, and the key stays", async () => {
  using temp = new TempFolder();
  using store = await open(temp.path);
  store.put(keyOf(1), materialOf(keyOf(1)));
  assert.throws(
    () => store.put(keyOf(1), Uint8Array.of(1)),
    fails(ResponseStatus.PsaErrorStorageFailure),
  );
  assert.deepEqual(Uint8Array.from(store.get(keyOf(1))), materialOf(keyOf(1)));
});

Deno.test("remove() forgets a key, and a key that isn't there is no error", async () => {
  using temp = new TempFolder();
  using store = await open(temp.path);
  for (const id of [1, 2]) store.put(keyOf(id), materialOf(keyOf(id)));
  for (let time = 0; time < 2; time++) {
    store.remove(keyOf(1));
    assert.throws(() => store.get(keyOf(1)), isAbsent);
  }
  assert.deepEqual(store.keyIds(), [keyOf(2).id]);
  assert.deepEqual(Uint8Array.from(store.get(keyOf(2))), materialOf(keyOf(2)));
});

Deno.test("reserveKeyId() gives 16 bytes that aren't given again, and makes nothing", async () => {
  using temp = new TempFolder();
  using store = await open(temp.path);
  const ids = new Set(Array.from({ length: 100 }, () => store.reserveKeyId().toHex()));
  assert.equal(ids.size, 100);
  for (const id of ids) assert.equal(id.length, 32);
  assert.deepEqual(store.keyIds(), []);
});

Deno.test("get() gives the material to the key that it was stored for only", async () => {
  using temp = new TempFolder();
  const log = recordingLogger();
  using store = await open(temp.path, log);
  store.put(keyOf(1), materialOf(keyOf(1)));
  const others: readonly IdentityParts[] = [
    { authType: AuthType.UnixPeerCredentials },
    { application: "app2" },
    { uuid: "30e39502-eba6-4d60-a4af-c518b7f5e38f" },
    { provider: "software2" },
    { key: "key2" },
    { application: "ap", provider: "psoftware" },
  ];
  for (const parts of others) assert.throws(() => store.get(keyOf(1, parts)), isCorrupt);
  const errors = log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(errors.map(({ fields, details }) => ({ fields, details }))[4], {
    fields: { file: temp.file("software-keys.sqlite3"), provider: "software" },
    details: { application: "app", key: "key2" },
  });
});

Deno.test("get() gives the material under the attributes that it was stored with only", async () => {
  using temp = new TempFolder();
  using store = await open(temp.path);
  store.put(keyOf(1), materialOf(keyOf(1)));
  const { type, bits, policy } = ATTRIBUTES;
  const others: readonly KeyAttributes[] = [
    { type: { kind: "ecc_key_pair", family: EccFamily.SecpK1 }, bits, policy },
    { type: { kind: "raw_data" }, bits, policy },
    { type, bits: 384, policy },
    { type, bits: 0, policy },
    ...USAGE_FLAGS.map((flag) => ({ type, bits, policy: withOther(policy, flag) })),
    { type, bits, policy: { ...policy, permittedAlgorithm: { kind: "none" } } },
    { type, bits, policy: { ...policy, permittedAlgorithm: { kind: "ecdsa", hash: Hash.Sha256 } } },
    { type, bits, policy: { ...policy, permittedAlgorithm: { kind: "ecdsa_any" } } },
  ];
  for (const attributes of others) {
    assert.throws(() => store.get({ ...keyOf(1), attributes }), isCorrupt);
  }
  assert.deepEqual(Uint8Array.from(store.get(keyOf(1))), materialOf(keyOf(1)));
});

function withOther(policy: KeyPolicy, flag: UsageFlag): KeyPolicy {
  const { usageFlags } = policy;
  return { ...policy, usageFlags: { ...usageFlags, [flag]: !usageFlags[flag] } };
}

Deno.test("get() refuses material that was moved to another key's row", async () => {
  using temp = new TempFolder();
  await withKeys(temp.path, [1, 2]);
  const path = temp.file("software-keys.sqlite3");
  edit(path, "DELETE FROM key_material WHERE key_id = ?", keyOf(1).id);
  edit(path, "UPDATE key_material SET key_id = ?", keyOf(1).id);
  using store = await open(temp.path);
  assert.throws(() => store.get(keyOf(1)), isCorrupt);
});

async function withKeys(folder: string, ids: readonly number[]): Promise<void> {
  using store = await open(folder);
  for (const id of ids) store.put(keyOf(id), materialOf(keyOf(id)));
}

Deno.test("a wrong bit anywhere in a row costs that key only", async (t) => {
  const columns = [["key_id", 16], ["row_key", 60], ["sealed", 12 + 48 + 16]] as const;
  for (const [column, length] of columns) {
    await t.step(`each byte of ${column}`, async () => {
      using temp = new TempFolder();
      await withKeys(temp.path, [1, 2, 3]);
      const path = temp.file("software-keys.sqlite3");
      const sound = Deno.readFileSync(path);
      for (let at = 0; at < length; at++) {
        Deno.writeFileSync(path, sound);
        flip(path, column, at, 1 << (at % 8));
        await assertOnlySecondLost(temp.path, column === "key_id" ? isAbsent : isCorrupt);
      }
    });
  }
  await t.step("format", async () => {
    using temp = new TempFolder();
    for (let bit = 0; bit < 32; bit++) {
      await withKeys(temp.path, [1, 2, 3]);
      const path = temp.file("software-keys.sqlite3");
      edit(
        path,
        "UPDATE key_material SET format = format + ? WHERE key_id = ?",
        2 ** bit,
        keyOf(2).id,
      );
      await assertOnlySecondLost(temp.path, isCorrupt);
      Deno.removeSync(path);
    }
  });
  for (const column of ["row_key", "sealed"]) {
    await t.step(`an empty ${column}, a short one, a long one`, async () => {
      for (
        const bytes of [
          new Uint8Array(),
          new Uint8Array(27),
          new Uint8Array(28),
          new Uint8Array(200),
        ]
      ) {
        using temp = new TempFolder();
        await withKeys(temp.path, [1, 2, 3]);
        const sql = `UPDATE key_material SET ${column} = ? WHERE key_id = ?`;
        edit(temp.file("software-keys.sqlite3"), sql, bytes, keyOf(2).id);
        await assertOnlySecondLost(temp.path, isCorrupt);
      }
    });
  }
});

/** Changes one byte of the second key's row. */
function flip(
  path: string,
  column: "key_id" | "row_key" | "sealed",
  at: number,
  mask: number,
): void {
  using database = new DatabaseSync(path);
  const where = keyOf(2).id;
  const value = database.prepare(`SELECT ${column} AS bytes FROM key_material WHERE key_id = ?`)
    .get(where)?.bytes;
  assert(value instanceof Uint8Array);
  value[at] = (value[at] ?? 0) ^ mask;
  database.prepare(`UPDATE key_material SET ${column} = ? WHERE key_id = ?`).run(value, where);
}

async function assertOnlySecondLost(
  folder: string,
  isExpected: (error: unknown) => boolean,
): Promise<void> {
  using store = await open(folder);
  assert.throws(() => store.get(keyOf(2)), isExpected);
  for (const id of [1, 3]) {
    assert.deepEqual(Uint8Array.from(store.get(keyOf(id))), materialOf(keyOf(id)));
  }
  store.put(keyOf(4), materialOf(keyOf(4)));
}

Deno.test("a wrong bit anywhere in the file never makes another key of a key", async () => {
  using temp = new TempFolder();
  await withKeys(temp.path, [1, 2, 3]);
  const path = temp.file("software-keys.sqlite3");
  const sound = Deno.readFileSync(path);
  const seen = { refused: 0, lost: 0, sound: 0 };
  for (let at = 0; at < sound.length; at += 41) {
    const bytes = sound.slice();
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    Deno.writeFileSync(path, bytes);
    await look();
  }
  assert(seen.refused > 0 && seen.sound > 0, JSON.stringify(seen));

  async function look(): Promise<void> {
    try {
      using store = await open(temp.path);
      const lost = [1, 2, 3].filter((id) => !isThere(store, keyOf(id))).length;
      assert(lost <= 1, `${lost} keys lost`);
      seen[lost === 0 ? "sound" : "lost"]++;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      seen.refused++;
    }
  }
});

/** Whether the store has the key; anything but the right material or a refusal fails. */
function isThere(store: KeyStore, key: Key): boolean {
  try {
    assert.deepEqual(Uint8Array.from(store.get(key)), materialOf(key));
    return true;
  } catch (error) {
    if (isCorrupt(error) || isAbsent(error)) return false;
    throw error;
  }
}

Deno.test("no file holds plain material, nor anything of a removed key", async () => {
  using temp = new TempFolder();
  using store = await open(temp.path);
  const big = new Uint8Array(6000).fill(0x77);
  store.put(keyOf(1), materialOf(keyOf(1)));
  store.put(keyOf(2), big);
  assert(!filesHold(temp.path, materialOf(keyOf(1))));
  assert(!filesHold(temp.path, big.subarray(0, 64)));
  const traces = sealedPieces(temp);
  assert(traces.length > 10 && traces.every((piece) => filesHold(temp.path, piece)));
  store.remove(keyOf(2));
  store.remove(keyOf(1));
  for (const piece of traces) assert(!filesHold(temp.path, piece));
});

/** Pieces of what is stored, from a copy of the files: the store itself is locked. */
function sealedPieces(temp: TempFolder): readonly Uint8Array[] {
  using copy = new TempFolder();
  for (const { name, isFile } of Deno.readDirSync(temp.path)) {
    if (isFile) Deno.writeFileSync(copy.file(name), Deno.readFileSync(temp.file(name)));
  }
  using database = new DatabaseSync(copy.file("software-keys.sqlite3"));
  const pieces: Uint8Array[] = [];
  for (const row of database.prepare("SELECT row_key, sealed FROM key_material").all()) {
    for (const bytes of [row.row_key, row.sealed]) {
      assert(bytes instanceof Uint8Array);
      for (let at = 0; at + 16 <= bytes.length; at += 512) pieces.push(bytes.slice(at, at + 16));
    }
  }
  return pieces;
}

function filesHold(folder: string, bytes: Uint8Array): boolean {
  const wanted = bytes.toHex();
  return [...Deno.readDirSync(folder)].some(({ name }) =>
    Deno.readFileSync(`${folder}/${name}`).toHex().includes(wanted)
  );
}
