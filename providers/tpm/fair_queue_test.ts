import assert from "node:assert/strict";
import { FairQueue } from "./fair_queue.ts";

/** Takes turns for each name in order of arrival; returns the order in which they were served. */
async function served(arrivals: string): Promise<string> {
  const queue = new FairQueue();
  const order: string[] = [];
  const first = await queue.acquire("first");
  const all = [...arrivals].map(async (lane) => {
    using _turn = await queue.acquire(lane);
    order.push(lane);
    await Promise.resolve();
  });
  first[Symbol.dispose]();
  await Promise.all(all);
  return order.join("");
}

Deno.test("FairQueue lets lanes take turns, however many wait in one", async (t) => {
  const rows = [
    ["", ""],
    ["aaa", "aaa"],
    ["aaaaab", "abaaaa"],
    ["aaabbbc", "abcabab"],
    ["abcabc", "abcabc"],
    ["aabbaab", "abababa"],
  ] as const;
  for (const [arrivals, order] of rows) {
    await t.step(`${arrivals} is served as ${order}`, async () => {
      assert.equal(await served(arrivals), order);
    });
  }
});

Deno.test("FairQueue lets one in at a time, and the next one in when it has left", async () => {
  const queue = new FairQueue();
  let inside = 0;
  const work = async (lane: string) => {
    using _turn = await queue.acquire(lane);
    inside++;
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(inside, 1);
    inside--;
  };
  await Promise.all(["a", "b", "a", "c", "a"].map(work));
  await work("d");
});

Deno.test("a turn of FairQueue that is given back twice counts once", async () => {
  const queue = new FairQueue();
  const first = await queue.acquire("a");
  const second = queue.acquire("b");
  const third = queue.acquire("c");
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await second;
  let isThirdIn = false;
  third.then(() => isThirdIn = true);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(isThirdIn, false);
  (await second)[Symbol.dispose]();
  await third;
});

Deno.test("refuse() refuses who waits and who comes, until the turn at hand has ended", async () => {
  const queue = new FairQueue();
  const turn = await queue.acquire("a");
  const reason = new Error("stuck");
  const waiting = ["a", "b", "b"].map((lane) => assert.rejects(queue.acquire(lane), reason));
  queue.refuse(reason);
  await Promise.all(waiting);
  await assert.rejects(queue.acquire("c"), reason);
  turn[Symbol.dispose]();
  const next = await queue.acquire("c");
  let isIn = false;
  const last = queue.acquire("a").then((turn) => {
    isIn = true;
    turn[Symbol.dispose]();
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(isIn, false);
  next[Symbol.dispose]();
  await last;
});
