import assert from "node:assert/strict";
import { CKR, Pkcs11Error, type Pkcs11Module } from "../../ffi/pkcs11/mod.ts";
import { SharedModule } from "./shared_module.ts";

/** A module that only counts how often it is initialised and finalised. */
class FakeModule {
  readonly path = "/usr/lib/module.so";
  calls: string[] = [];
  isInitialised = false;
  fails = false;

  initialise(): Promise<boolean> {
    this.calls.push("initialise");
    if (this.fails) return Promise.reject(new Pkcs11Error("C_Initialize", CKR.DEVICE_ERROR));
    const isFirst = !this.isInitialised;
    this.isInitialised = true;
    return Promise.resolve(isFirst);
  }

  finalise(): Promise<void> {
    this.calls.push("finalise");
    this.isInitialised = false;
    return Promise.resolve();
  }

  slots(): Promise<readonly bigint[]> {
    if (this.isInitialised) return Promise.resolve([]);
    return Promise.reject(new Pkcs11Error("C_GetSlotList", CKR.CRYPTOKI_NOT_INITIALIZED));
  }
}

function share(): { readonly fake: FakeModule; readonly shared: SharedModule } {
  const fake = new FakeModule();
  return { fake, shared: new SharedModule(fake as unknown as Pkcs11Module) };
}

Deno.test("a module is initialised for the first user and finalised after the last", async () => {
  const { fake, shared } = share();
  const users = [shared.join(), shared.join()];
  for (const _ of users) await shared.initialise({});
  for (const user of users) await shared.leave(user, 10);
  assert.deepEqual(fake.calls, ["initialise", "finalise"]);
});

Deno.test("a module that somebody else has initialised stays as it is", async () => {
  const { fake, shared } = share();
  fake.isInitialised = true;
  const user = shared.join();
  await shared.initialise({});
  assert.equal(await shared.isRestartHarmless(user), false);
  await shared.leave(user, 10);
  assert.deepEqual(fake.calls, ["initialise"]);
  assert.ok(fake.isInitialised);
});

Deno.test("a module that can't be initialised yet is so by the next who tries", async () => {
  const { fake, shared } = share();
  fake.fails = true;
  const first = shared.join();
  await assert.rejects(shared.initialise({}), Pkcs11Error);
  fake.fails = false;
  const second = shared.join();
  await shared.initialise({});
  assert.ok(fake.isInitialised);
  for (const user of [first, second]) await shared.leave(user, 10);
  assert.deepEqual(fake.calls, ["initialise", "initialise", "finalise"]);
});

Deno.test("restart() does nothing while a call is stuck, and holds nobody up for longer", async () => {
  const { fake, shared } = share();
  shared.join();
  await shared.initialise({});
  const { promise, resolve } = Promise.withResolvers<void>();
  const stuck = shared.run(() => promise);
  assert.equal(await shared.restart(shared.generation, 10), false);
  assert.deepEqual(fake.calls, ["initialise"]);
  assert.equal(await shared.run(() => Promise.resolve(7)), 7);
  resolve();
  await stuck;
  assert.equal(await shared.restart(shared.generation, 10), true);
  assert.deepEqual(fake.calls, ["initialise", "finalise", "initialise"]);
});
