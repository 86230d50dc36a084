import assert from "node:assert/strict";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { create, identity, info } from "../../tests/key_info_suite/suite.ts";
import type { ProviderIdentity } from "../provider.ts";
import type { KeyIdentity, KeyInfoManager } from "./key_info_manager.ts";
import { settle } from "./recovery.ts";
import { openKeyInfoManager } from "./sqlite_key_info_manager.ts";

const MADE = [1, 2, 3, 4];

function keyOf({ uuid, name }: ProviderIdentity, key: string): KeyIdentity {
  return identity({ uuid, provider: name, key });
}

/** A provider with four keys, of which one is ready, one half made, one half unmade and one another's. */
function interrupted() {
  const provider = fakeProvider();
  const manager = openKeyInfoManager({ path: ":memory:", log: recordingLogger() });
  const key = (name: string) => keyOf(provider.identity, name);
  for (const id of MADE) {
    void provider.keys.generateKey?.({ ...info(id), id: Uint8Array.of(id), identity: key("") });
  }
  create(manager, key("ready"), 1);
  manager.beginCreate(key("coming"), info(2));
  create(manager, key("going"), 3);
  manager.beginDestroy(key("going"));
  manager.beginCreate(identity({ provider: "other" }), info(4));
  return { provider, manager, key };
}

function names(manager: KeyInfoManager): readonly string[] {
  return manager.list(identity().application).map((each) => each.identity.keyName);
}

Deno.test("settle() undoes creations and finishes destructions, of its provider only", async () => {
  const { provider, manager } = interrupted();
  using _manager = manager;
  const log = recordingLogger();
  assert.deepEqual(await settle(manager, provider, log), { undone: 1, finished: 1, failed: 0 });
  assert.deepEqual([...provider.made], ["01", "04"]);
  assert.deepEqual(names(manager), ["ready"]);
  assert.equal(manager.unsettled(identity({ provider: "other" }).provider).length, 1);
  assert.deepEqual(log.lines.map(({ level, fields }) => [level, fields]), [
    ["warn", { provider: "fake", undone: 1, finished: 1, failed: 0 }],
  ]);
});

Deno.test("settle() says nothing when there is nothing to settle", async () => {
  const { provider, manager } = interrupted();
  using _manager = manager;
  await settle(manager, provider, recordingLogger());
  const log = recordingLogger();
  assert.deepEqual(await settle(manager, provider, log), { undone: 0, finished: 0, failed: 0 });
  assert.deepEqual(log.lines, []);
});

Deno.test("settle() leaves a key that the provider can't destroy, and goes on with the next", async () => {
  const { provider, manager, key } = interrupted();
  using _manager = manager;
  const log = recordingLogger();
  provider.failNext("destroy", new Error("the device is gone"));
  assert.deepEqual(await settle(manager, provider, log), { undone: 0, finished: 1, failed: 1 });
  assert.equal(log.lines[0]?.level, "error");
  assert.equal(manager.get(key("coming")), undefined);
  assert.deepEqual(manager.unsettled(provider.identity).map(({ change }) => change), ["create"]);
  assert.deepEqual(await settle(manager, provider, log), { undone: 1, finished: 0, failed: 0 });
  assert.deepEqual([...provider.made], ["01", "04"]);
});

Deno.test("settle() can be repeated after the provider forgot a key that the manager still has", async () => {
  const { provider, manager, key } = interrupted();
  using _manager = manager;
  const { keyId, ...rest } = info(2);
  await provider.keys.destroyKey({ ...rest, id: keyId, identity: key("coming") });
  assert.deepEqual(await settle(manager, provider, recordingLogger()), {
    undone: 1,
    finished: 1,
    failed: 0,
  });
  assert.deepEqual(names(manager), ["ready"]);
});
