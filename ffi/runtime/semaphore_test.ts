import assert from "node:assert/strict";
import { Semaphore } from "./semaphore.ts";

Deno.test("Semaphore.run() lets no more go on at once than there are permits", async (t) => {
  for (const permits of [1, 2, 5]) {
    await t.step(`${permits}`, async () => {
      const semaphore = new Semaphore(permits);
      let going = 0;
      let most = 0;
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          semaphore.run(async () => {
            most = Math.max(most, ++going);
            await new Promise((resolve) => setTimeout(resolve, 1));
            going--;
            return i;
          })),
      );
      assert.equal(most, permits);
      assert.deepEqual(results, Array.from({ length: 12 }, (_, i) => i));
    });
  }
});

Deno.test("Semaphore.acquire() is first come, first served", async () => {
  const semaphore = new Semaphore(1);
  const order: number[] = [];
  const first = await semaphore.acquire();
  const others = [1, 2, 3].map(async (i) => {
    using _permit = await semaphore.acquire();
    order.push(i);
  });
  first[Symbol.dispose]();
  await Promise.all(others);
  assert.deepEqual(order, [1, 2, 3]);
});

Deno.test("a permit is given back once, however often it is disposed of", async () => {
  const semaphore = new Semaphore(1);
  const permit = await semaphore.acquire();
  permit[Symbol.dispose]();
  permit[Symbol.dispose]();
  using _second = await semaphore.acquire();
  let third: Disposable | undefined;
  const waiting = semaphore.acquire().then((permit) => third = permit);
  await Promise.resolve();
  assert.equal(third, undefined);
  _second[Symbol.dispose]();
  (await waiting)[Symbol.dispose]();
});

Deno.test("Semaphore.run() gives the permit back when the work fails", async () => {
  const semaphore = new Semaphore(1);
  await assert.rejects(semaphore.run(() => Promise.reject(new Error("no"))), { message: "no" });
  assert.equal(await semaphore.run(() => Promise.resolve(1)), 1);
});

Deno.test("a Semaphore needs at least one permit", () => {
  for (const permits of [0, -1, 1.5, NaN]) {
    assert.throws(() => new Semaphore(permits), RangeError);
  }
});
