import assert from "node:assert/strict";
import type { EsysObject } from "../../ffi/tss2/mod.ts";
import { LoadedObjects, type ObjectKind } from "./loaded_objects.ts";

/** Objects are numbers; `flushed` are those that were. */
function objects(capacity: number) {
  const flushed: number[] = [];
  const loaded = new LoadedObjects(capacity, (object) => {
    flushed.push(object);
    return Promise.resolve();
  });
  const add = (id: number, kind: ObjectKind = "key") => {
    loaded.add(`${id}`, id as EsysObject, kind);
  };
  return { loaded, flushed, add };
}

Deno.test("LoadedObjects flushes the least recently used key first", async () => {
  const { loaded, flushed, add } = objects(3);
  for (const id of [1, 2, 3]) add(id);
  loaded.unpinAll();
  assert.equal(loaded.get("1"), 1);
  loaded.unpinAll();
  await loaded.makeRoom();
  add(4);
  loaded.unpinAll();
  await loaded.makeRoom();
  assert.deepEqual(flushed, [2, 3]);
  assert.equal(loaded.get("2"), undefined);
  assert.equal(loaded.get("1"), 1);
  assert.equal(loaded.size, 2);
});

Deno.test("LoadedObjects flushes a root key only when no key is left", async () => {
  const { loaded, flushed, add } = objects(3);
  add(1, "root");
  add(2);
  add(3);
  loaded.unpinAll();
  while (await loaded.evict());
  assert.deepEqual(flushed, [2, 3, 1]);
});

Deno.test("LoadedObjects keeps what is in use in this turn, and a sequence that goes on", async () => {
  const { loaded, flushed, add } = objects(3);
  add(1, "sequence");
  add(2);
  add(3, "root");
  loaded.unpinAll();
  loaded.get("3");
  add(4);
  assert.equal(await loaded.evict(), true);
  assert.equal(await loaded.evict(), false);
  assert.deepEqual(flushed, [2]);
  loaded.unpin("3");
  assert.equal(await loaded.evict(), true);
  assert.deepEqual(flushed, [2, 3]);
  loaded.unpinAll();
  assert.equal(await loaded.evict(), true);
  assert.equal(await loaded.evict(), false);
  assert.deepEqual(flushed, [2, 3, 4]);
  assert.deepEqual(loaded.all(), [1]);
});

Deno.test("LoadedObjects forgets what was flushed, or dropped, once", async () => {
  const { loaded, flushed, add } = objects(3);
  add(1);
  add(2);
  loaded.drop("1");
  await loaded.remove("2");
  await loaded.remove("2");
  await loaded.remove("3");
  assert.deepEqual(flushed, [2]);
  assert.equal(loaded.size, 0);
});
