import assert from "node:assert/strict";
import { DeadlineQueue } from "./deadline_queue.ts";

function queueOf(delayMs: number) {
  const expired: string[] = [];
  return { expired, queue: new DeadlineQueue<string>(delayMs, (item) => expired.push(item)) };
}

Deno.test("expire() lets go of items whose time has come, in order of arrival", () => {
  const { queue, expired } = queueOf(100);
  queue.add("a", 0);
  queue.add("b", 10);
  queue.add("c", 50);
  queue.expire(99);
  assert.deepEqual(expired, []);
  queue.expire(110);
  assert.deepEqual(expired, ["a", "b"]);
  assert.equal(queue.size, 1);
  queue.expire(150);
  assert.deepEqual(expired, ["a", "b", "c"]);
});

Deno.test("add() moves an item that is there already to the end", () => {
  const { queue, expired } = queueOf(100);
  queue.add("a", 0);
  queue.add("b", 10);
  assert.equal(queue.add("a", 20), 120);
  queue.expire(115);
  assert.deepEqual(expired, ["b"]);
  queue.expire(120);
  assert.deepEqual(expired, ["b", "a"]);
});

Deno.test("remove() keeps an item from expiring", () => {
  const { queue, expired } = queueOf(100);
  queue.add("a", 0);
  queue.add("b", 10);
  queue.remove("a");
  queue.remove("never there");
  queue.expire(200);
  assert.deepEqual(expired, ["b"]);
});

Deno.test("next() is never later than the first deadline", () => {
  const { queue } = queueOf(100);
  assert.equal(queue.next(), Infinity);
  queue.add("a", 0);
  queue.add("b", 10);
  assert.equal(queue.next(), 100);
  queue.remove("a");
  assert.ok(queue.next() <= 110);
  queue.expire(105); // looks, finds nothing due
  assert.equal(queue.next(), 110);
  queue.remove("b");
  assert.equal(queue.next(), Infinity);
});

Deno.test("an item put in again while the queue expires waits anew", () => {
  const expired: number[] = [];
  let now = 0;
  const queue = new DeadlineQueue<string>(100, (item) => {
    expired.push(now);
    if (expired.length === 1) queue.add(item, now);
  });
  queue.add("a", 0);
  now = 100;
  queue.expire(now);
  assert.deepEqual(expired, [100]);
  assert.equal(queue.next(), 200);
  now = 200;
  queue.expire(now);
  assert.deepEqual(expired, [100, 200]);
});

Deno.test("expire(Infinity) empties the queue, also of items that come in meanwhile", () => {
  let count = 0;
  const queue = new DeadlineQueue<string>(100, (item) => {
    if (++count < 3) queue.add(item, 0);
  });
  queue.add("a", 0);
  queue.expire(Infinity);
  assert.equal(count, 3);
  assert.equal(queue.size, 0);
});

Deno.test("setDelay() shortens the waits under way, and lengthens none", () => {
  const { queue, expired } = queueOf(100);
  queue.add("a", 0);
  queue.add("b", 50);
  queue.setDelay(30, 80); // until 110 at the latest
  assert.equal(queue.add("c", 81), 111);
  queue.expire(100);
  assert.deepEqual(expired, ["a"]);
  queue.expire(110);
  assert.deepEqual(expired, ["a", "b"]);
  queue.setDelay(1000, 110);
  queue.expire(111);
  assert.deepEqual(expired, ["a", "b", "c"]);
});

Deno.test("setDelay() lets next() come earlier", () => {
  const { queue } = queueOf(1000);
  queue.add("a", 0);
  queue.setDelay(10, 5);
  assert.equal(queue.next(), 15);
});

Deno.test("DeadlineQueue keeps up with many items that come and go", () => {
  const { queue, expired } = queueOf(100);
  let lookedAt = 0;
  const started = performance.now();
  for (let now = 0; now < 200_000; now++) {
    queue.add(`${now}`, now);
    if (now >= 50) queue.remove(`${now - 50}`);
    queue.expire(now);
    lookedAt += queue.next();
  }
  assert.ok(lookedAt > 0);
  assert.deepEqual(expired, []);
  assert.equal(queue.size, 50);
  assert.ok(performance.now() - started < 5000, "quadratic");
});
