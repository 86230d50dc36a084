import assert from "node:assert/strict";
import { CallsInFlight } from "./calls_in_flight.ts";

Deno.test("settled() waits for every call, also for one that begins meanwhile", async () => {
  const calls = new CallsInFlight();
  const ended: string[] = [];
  const { wait } = calls.tracking({
    wait: async (name: string, next?: string): Promise<string> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      ended.push(name);
      if (next !== undefined) wait(next);
      return name;
    },
  });
  const going = [wait("a"), wait("b", "c")];
  await calls.settled();
  assert.deepEqual(ended, ["a", "b", "c"]);
  assert.deepEqual(await Promise.all(going), ["a", "b"]);
});

Deno.test("settled() returns at once when nothing goes on", async () => {
  const calls = new CallsInFlight();
  const { add } = calls.tracking({ add: (a: number, b: number): number => a + b });
  assert.equal(add(1, 2), 3);
  await calls.settled();
});

Deno.test("a call that fails is the caller's matter, and counts as ended", async () => {
  const calls = new CallsInFlight();
  const { fail } = calls.tracking({ fail: (): Promise<void> => Promise.reject(new Error("no")) });
  const failing = fail();
  const seen = assert.rejects(failing, { message: "no" });
  await calls.settled();
  await seen;
});
