import assert from "node:assert/strict";
import { AuthType } from "../auth_type.ts";
import { ResponseStatus, StatusError } from "../status.ts";
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
  share.run({ peerUid: undefined }, nobodys.work);
  assert.ok(theirs.state.started && nobodys.state.started);
});

Deno.test("run() tells the users of this machine apart, and each from every application", () => {
  const share = new FairShare(1);
  const [first, second, others, applications] = [task(), task(), task(), task()];
  share.run({ peerUid: 1000 }, first.work);
  share.run({ peerUid: 1000 }, second.work);
  share.run({ peerUid: 1001 }, others.work);
  share.run({ authType: AuthType.UnixPeerCredentials, name: "1000" }, applications.work);
  assert.deepEqual(
    [first, second, others, applications].map(({ state }) => state.started),
    [true, false, true, true],
  );
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

Deno.test("run() lets go of work that is given up before its turn, and of no other", async () => {
  const share = new FairShare(1);
  const [first, dropped, last] = [task(), task(), task()];
  const giveUp = new AbortController();
  const givenUp = () => giveUp.signal;
  const done = share.run(APP, first.work, givenUp);
  const refused = share.run(APP, dropped.work, givenUp);
  const after = share.run(APP, last.work);
  giveUp.abort();
  // At once, not when the first is done: what waits holds memory.
  await assert.rejects(
    async () => await refused,
    (error) => error instanceof StatusError && error.status === ResponseStatus.ConnectionError,
  );
  assert.equal(last.state.started, false);
  first.resolve("first");
  assert.equal(await done, "first");
  await turn();
  assert.deepEqual([dropped.state.started, last.state.started], [false, true]);
  last.resolve("last");
  assert.equal(await after, "last");
});

Deno.test("run() goes on with work that is given up once its turn has come", async () => {
  const share = new FairShare(1);
  const [first, second, third] = [task(), task(), task()];
  const giveUp = new AbortController();
  share.run(APP, first.work);
  const late = share.run(APP, second.work, () => giveUp.signal);
  share.run(APP, third.work);
  first.resolve("first");
  await turn();
  giveUp.abort();
  assert.deepEqual([second.state.started, third.state.started], [true, false]);
  second.resolve("second");
  assert.equal(await late, "second");
  await turn();
  assert.ok(third.state.started);
  third.resolve("third");
});
