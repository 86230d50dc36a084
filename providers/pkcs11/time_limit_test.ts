import assert from "node:assert/strict";
import { TimeLimit } from "./time_limit.ts";

const MS = 30;
const late = () => new Error("late");

Deno.test("TimeLimit gives what comes in time, and throws what fails in time", async () => {
  using limit = new TimeLimit(MS);
  assert.equal(await limit.within(Promise.resolve(7), late), 7);
  await assert.rejects(limit.within(Promise.reject(new Error("its own")), late), /its own/);
});

Deno.test("TimeLimit gives up each work after its own time", async () => {
  using limit = new TimeLimit(MS);
  const never = new Promise<void>(() => {});
  const began = performance.now();
  const timeOf = (promise: Promise<void>) =>
    promise.then(() => assert.fail(), (error) => {
      assert.match(error.message, /late/);
      return performance.now() - began;
    });
  const first = timeOf(limit.within(never, late));
  await new Promise((resolve) => setTimeout(resolve, MS / 2));
  const second = timeOf(limit.within(never, late));
  assert.ok(await first >= MS - 1);
  assert.ok(await second >= MS * 1.5 - 1);
});

Deno.test("TimeLimit gives up what is late after something that was quick", async () => {
  using limit = new TimeLimit(MS);
  await limit.within(Promise.resolve(), late);
  await assert.rejects(limit.within(new Promise(() => {}), late), /late/);
});

Deno.test("TimeLimit keeps no timer once it is let go of", async () => {
  using limit = new TimeLimit(60_000);
  await limit.within(Promise.resolve(), late);
});
