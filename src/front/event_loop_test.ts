import assert from "node:assert/strict";
import { EventLoop, type Ready } from "./event_loop.ts";
import type { Interest, Poller } from "./socket_calls.ts";

/** A poller and a clock that do what the test says. Each wait is noted, and answered by `script`. */
class ScriptedPoller implements Poller {
  now = 0;
  readonly log: string[] = [];
  /** Answers a wait: takes some time, reports descriptors. */
  script: (wait: { readonly kind: "blocking" | "async"; readonly timeoutMs: number }) => {
    readonly takesMs: number;
    readonly ready?: readonly number[];
  } = () => ({ takesMs: 0 });
  #ready: readonly number[] = [];

  add(fd: number, interest: Interest): void {
    this.log.push(`add ${fd} ${interest}`);
  }
  rearm(fd: number, interest: Interest): void {
    this.log.push(`rearm ${fd} ${interest}`);
  }
  remove(fd: number): void {
    this.log.push(`remove ${fd}`);
  }
  wait(timeoutMs: number): number {
    return this.#answer("blocking", timeoutMs);
  }
  async waitAsync(timeoutMs: number): Promise<number> {
    await Promise.resolve();
    return this.#answer("async", timeoutMs);
  }
  ready(index: number): number {
    return this.#ready[index] ?? -1;
  }
  wake(): void {
    this.log.push("wake");
  }
  [Symbol.dispose](): void {}

  #answer(kind: "blocking" | "async", timeoutMs: number): number {
    this.log.push(`${kind} ${timeoutMs}`);
    const { takesMs, ready = [] } = this.script({ kind, timeoutMs });
    this.now += takesMs;
    this.#ready = ready;
    return ready.length;
  }
}

function setUp() {
  const poller = new ScriptedPoller();
  return { poller, loop: new EventLoop(poller, () => poller.now) };
}

const waits = (log: readonly string[]) => log.filter((line) => /^(blocking|async)/.test(line));

Deno.test("an idle loop waits on another thread, for ever", async () => {
  const { poller, loop } = setUp();
  poller.script = () => {
    loop.stop();
    return { takesMs: 100_000 };
  };
  await loop.run();
  assert.deepEqual(waits(poller.log), ["async -1"]);
});

Deno.test("after an event the thread itself waits a moment, then another one", async () => {
  const { poller, loop } = setUp();
  let count = 0;
  poller.script = ({ kind, timeoutMs }) => {
    count++;
    if (count === 1) return { takesMs: 1000, ready: [9] };
    if (kind === "blocking") return { takesMs: timeoutMs };
    loop.stop();
    return { takesMs: 1000 };
  };
  await loop.run();
  assert.deepEqual(waits(poller.log), ["async -1", "blocking 2", "async -1"]);
});

Deno.test("under steady load the loop yields every few milliseconds", async () => {
  const { poller, loop } = setUp();
  let blockedMs = 0;
  let longestMs = 0;
  poller.script = ({ kind }) => {
    blockedMs = kind === "async" ? 0 : blockedMs + 0.5;
    longestMs = Math.max(longestMs, blockedMs);
    if (poller.now > 100) loop.stop();
    return { takesMs: 0.5, ready: [9] };
  };
  await loop.run();
  assert.ok(longestMs > 2 && longestMs <= 5.5, `${longestMs} ms`);
});

Deno.test("while a request is executed the thread never waits itself", async () => {
  const { poller, loop } = setUp();
  loop.executionStarted();
  let count = 0;
  poller.script = () => {
    if (++count === 10) loop.executionEnded();
    if (count === 12) loop.stop();
    return { takesMs: 0.1, ready: [9] };
  };
  await loop.run();
  const kinds = waits(poller.log).map((line) => line.split(" ")[0]);
  assert.deepEqual(kinds.slice(0, 10), Array(10).fill("async"));
  assert.equal(kinds[10], "blocking");
});

Deno.test("a wait ends at the next deadline, rounded up to whole milliseconds", async () => {
  const { poller, loop } = setUp();
  const expired: number[] = [];
  const queue = loop.openQueue<string>(10.4, () => {
    expired.push(poller.now);
    loop.stop();
  });
  loop.schedule(queue, "a");
  poller.script = ({ timeoutMs }) => ({ takesMs: timeoutMs });
  await loop.run();
  assert.equal(waits(poller.log)[0], "async 11");
  assert.deepEqual(expired, [11]);
});

Deno.test("a deadline put in during a wait wakes it if the wait would end too late", async () => {
  const { poller, loop } = setUp();
  const long = loop.openQueue<string>(1000, () => {});
  const short = loop.openQueue<string>(10, () => loop.stop());
  loop.schedule(long, "a");
  assert.ok(!poller.log.includes("wake"), "no wait is under way");
  poller.script = ({ timeoutMs }) => {
    if (timeoutMs > 10) {
      loop.schedule(long, "b");
      assert.ok(!poller.log.includes("wake"), "ends in time anyway");
      loop.schedule(short, "c");
      assert.ok(poller.log.includes("wake"));
      return { takesMs: 0, ready: [-7] };
    }
    return { takesMs: timeoutMs };
  };
  await loop.run();
});

Deno.test("arm() adds a descriptor once, then arms it again, until disarm()", async () => {
  const { poller, loop } = setUp();
  const turns: string[] = [];
  const target: Ready = {
    onReady() {
      turns.push("turn");
      if (turns.length === 2) loop.disarm(5);
      else loop.arm(5, "write", target);
    },
  };
  loop.arm(5, "read", target);
  let count = 0;
  poller.script = () => {
    // Descriptor 5 is reported once more after it was disarmed, and 6 was never armed.
    if (++count === 3) loop.stop();
    return { takesMs: 1, ready: [5, 6] };
  };
  await loop.run();
  assert.equal(turns.length, 2);
  assert.deepEqual(poller.log.filter((line) => !/^(blocking|async|wake)/.test(line)), [
    "add 5 read",
    "rearm 5 write",
    "remove 5",
  ]);
  loop.disarm(5);
});

Deno.test("run() fails with what the poller throws", async () => {
  const { poller, loop } = setUp();
  poller.script = () => {
    throw new Error("epoll_wait() failed");
  };
  await assert.rejects(loop.run(), /epoll_wait/);
});
