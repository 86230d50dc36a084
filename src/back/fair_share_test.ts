import assert from "node:assert/strict";
import { AuthType } from "../auth_type.ts";
import { FairShare } from "./fair_share.ts";

const APP = { authType: AuthType.Direct, name: "app" };
const OTHER = { authType: AuthType.Direct, name: "other" };

/** Work that ends when it is told to. */
function task() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { started: false };
  const work = () => {
    state.started = true;
    return promise;
  };
  return { state, work, resolve, reject };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("run() gives an application no more than its share, in order", async () => {
  const share = new FairShare(2);
  const tasks = Array.from({ length: 4 }, task);
  const results = tasks.map(({ work }) => share.run(APP, work));
  assert.deepEqual(tasks.map(({ state }) => state.started), [true, true, false, false]);
  tasks[1]!.resolve("b");
  await turn();
  assert.deepEqual(tasks.map(({ state }) => state.started), [true, true, true, false]);
  tasks[0]!.reject(new Error("a"));
  await assert.rejects(async () => await results[0], /a/);
  await turn();
  assert.deepEqual(tasks.map(({ state }) => state.started), [true, true, true, true]);
  tasks[2]!.resolve("c");
  tasks[3]!.resolve("d");
  assert.deepEqual(await Promise.all(results.slice(1)), ["b", "c", "d"]);
});

Deno.test("run() lets another application in at once", () => {
  const share = new FairShare(1);
  const [mine, theirs, nobodys] = [task(), task(), task()];
  share.run(APP, mine.work);
  share.run(OTHER, theirs.work);
  share.run(undefined, nobodys.work);
  assert.ok(theirs.state.started && nobodys.state.started);
});

Deno.test("run() lets work that is done at once take no share", () => {
  const share = new FairShare(1);
  assert.equal(share.run(APP, () => 1), 1);
  assert.equal(share.run(APP, () => 2), 2);
  assert.throws(() =>
    share.run(APP, () => {
      throw new Error("at once");
    }), /at once/);
  assert.equal(share.run(APP, () => 3), 3);
});

Deno.test("run() goes on after work that fails when its turn comes", async () => {
  const share = new FairShare(1);
  const [first, last] = [task(), task()];
  const done = share.run(APP, first.work);
  const failing = share.run(APP, () => {
    throw new Error("late");
  });
  const after = share.run(APP, last.work);
  first.resolve("first");
  await done;
  await assert.rejects(async () => await failing, /late/);
  await turn();
  assert.ok(last.state.started);
  last.resolve("last");
  assert.equal(await after, "last");
});
