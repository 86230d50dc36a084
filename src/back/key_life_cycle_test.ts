import assert from "node:assert/strict";
import { AuthType } from "../auth_type.ts";
import type { KeyIdentity } from "../key_info/key_info_manager.ts";
import { openKeyInfoManager } from "../key_info/sqlite_key_info_manager.ts";
import { Hash } from "../psa/hash.ts";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import { EccFamily } from "../psa/key_type.ts";
import { usageFlags } from "../psa/usage_flags.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { fakeProvider } from "../../tests/fakes/fake_provider.ts";
import { silentLogger } from "../../tests/fakes/silent_logger.ts";
import { KeyLifeCycle } from "./key_life_cycle.ts";

const ATTRIBUTES: KeyAttributes = {
  type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
  bits: 0,
  policy: {
    usageFlags: usageFlags("signHash"),
    permittedAlgorithm: { kind: "ecdsa", hash: Hash.Sha256 },
  },
};

function setUp() {
  const provider = fakeProvider();
  const manager = openKeyInfoManager({ path: ":memory:", log: silentLogger });
  const lifeCycle = new KeyLifeCycle(manager, provider.keys, { maxKeysPerApplication: 3 });
  const identity: KeyIdentity = {
    application: { authType: AuthType.Direct, name: "app" },
    provider: provider.identity,
    keyName: "key",
  };
  const create = () => lifeCycle.create(identity, ATTRIBUTES, provider.keys.generateKey!);
  return { provider, manager, lifeCycle, identity, create };
}

function answers(status: ResponseStatus) {
  return (error: unknown) => error instanceof StatusError && error.status === status;
}

Deno.test("create() makes the key usable, with the size the provider found", async () => {
  const { provider, manager, lifeCycle, identity, create } = setUp();
  using _ = manager;
  await create();
  assert.equal(lifeCycle.find(identity).attributes.bits, 256);
  assert.equal(provider.made.size, 1);
  assert.deepEqual(manager.unsettled(provider.identity), []);
});

/** Whether a timer that has run out gets its turn before the work is done. */
async function letsTimersIn(work: () => Promise<void>): Promise<boolean> {
  let turn = false;
  setTimeout(() => turn = true, 0);
  await work().catch(() => {});
  return turn;
}

Deno.test("making and destroying keys one after the other keeps nobody else waiting", async () => {
  const { provider, manager, lifeCycle, identity, create } = setUp();
  using _ = manager;
  assert.ok(await letsTimersIn(create));
  assert.ok(await letsTimersIn(() => lifeCycle.destroy(identity)));
  provider.failNext("generate", new Error("device went away"));
  assert.ok(await letsTimersIn(create), "a creation that fails is undone on the disk too");
});

Deno.test("create() refuses a name in use without asking the provider", async () => {
  const { provider, manager, create } = setUp();
  using _ = manager;
  await create();
  await assert.rejects(create, answers(ResponseStatus.PsaErrorAlreadyExists));
  assert.equal(provider.made.size, 1);
});

Deno.test("create() gives an application no more keys than it may have, over all providers", async () => {
  const { provider, manager, lifeCycle, identity } = setUp();
  using _ = manager;
  const create = (parts: Partial<KeyIdentity>) =>
    lifeCycle.create({ ...identity, ...parts }, ATTRIBUTES, provider.keys.generateKey!);
  const elsewhere = { uuid: provider.identity.uuid, name: "elsewhere" };
  // All three are announced before the first is made.
  await Promise.all([
    create({ keyName: "a" }),
    create({ keyName: "b" }),
    create({ keyName: "a", provider: elsewhere }),
  ]);
  const tooMany = () => create({ keyName: "c" });
  await assert.rejects(tooMany, answers(ResponseStatus.PsaErrorInsufficientStorage));
  assert.equal(provider.made.size, 3);
  assert.equal(manager.count(identity.application), 3, "nothing was announced");
  await create({ application: { authType: AuthType.Direct, name: "another" } });
  await lifeCycle.destroy({ ...identity, keyName: "b" });
  await tooMany();
});

for (const step of ["generate", "generated"] as const) {
  Deno.test(`create() leaves nothing when the provider fails at "${step}"`, async () => {
    const { provider, manager, lifeCycle, identity, create } = setUp();
    using _ = manager;
    const failure = new StatusError(ResponseStatus.PsaErrorHardwareFailure, "Cannot: test");
    provider.failNext(step, failure);
    await assert.rejects(create, failure);
    assert.equal(provider.made.size, 0);
    assert.throws(
      () => lifeCycle.find(identity),
      answers(ResponseStatus.PsaErrorDoesNotExist),
    );
    await create();
  });
}

Deno.test("create() keeps the announcement when even undoing fails", async () => {
  const { provider, manager, lifeCycle, identity, create } = setUp();
  using _ = manager;
  provider.failNext("generated", new Error("device went away"));
  provider.failNext("destroy", new Error("device still away"));
  await assert.rejects(create, answers(ResponseStatus.PsaErrorStorageFailure));
  assert.throws(() => lifeCycle.find(identity), answers(ResponseStatus.PsaErrorDoesNotExist));
  assert.equal(manager.unsettled(provider.identity).length, 1);
});

Deno.test("destroy() removes the key from both places", async () => {
  const { provider, manager, lifeCycle, identity, create } = setUp();
  using _ = manager;
  await create();
  await lifeCycle.destroy(identity);
  assert.equal(provider.made.size, 0);
  await assert.rejects(
    () => lifeCycle.destroy(identity),
    answers(ResponseStatus.PsaErrorDoesNotExist),
  );
});

Deno.test("destroy() leaves the key usable when the provider fails", async () => {
  const { provider, manager, lifeCycle, identity, create } = setUp();
  using _ = manager;
  await create();
  const failure = new StatusError(ResponseStatus.PsaErrorHardwareFailure, "Cannot: test");
  provider.failNext("destroy", failure);
  await assert.rejects(() => lifeCycle.destroy(identity), failure);
  assert.equal(lifeCycle.find(identity).id.length, 1);
  assert.equal(provider.made.size, 1);
});

Deno.test("use() says that there is no such key when it goes while it is used", async () => {
  const { manager, lifeCycle, identity, create } = setUp();
  using _ = manager;
  await create();
  const failure = new StatusError(ResponseStatus.PsaErrorHardwareFailure, "Cannot: test");
  await assert.rejects(
    async () => await lifeCycle.use(identity, () => Promise.reject(failure)),
    failure,
  );
  const { promise, reject } = Promise.withResolvers<never>();
  const used = lifeCycle.use(identity, () => promise);
  await lifeCycle.destroy(identity);
  reject(failure);
  await assert.rejects(async () => await used, answers(ResponseStatus.PsaErrorDoesNotExist));
});
