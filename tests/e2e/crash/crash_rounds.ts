/**
 * Creates and destroys keys, ends the process at a random instant, starts it again and compares: what was
 * acknowledged must hold, and what was under way is either done or not begun.
 */
import assert from "node:assert/strict";

/** Something that keeps keys and can be ended at any instant. */
export interface CrashTarget {
  /** Starts on what the last run left; resolves once it takes commands. */
  start(): Promise<RunningTarget>;
  /** Looks at what is stored, with nothing running: no key may be in one place only. */
  assertNoOrphans(): Promise<void>;
}

export interface RunningTarget {
  /** How many interrupted changes it settled as it started. */
  readonly settled: number;
  /** These resolve when the change is acknowledged. */
  create(name: string): Promise<void>;
  destroy(name: string): Promise<void>;
  /** The names of all keys, each of which was seen to work. */
  workingKeys(): Promise<readonly string[]>;
  /** Ends the process as a power cut would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

export interface CrashOptions {
  readonly rounds: number;
  /** The process is ended after a random time up to this, ms. */
  readonly longestLifeMs: number;
  /** Commands under way at once, each on names of its own. */
  readonly workers: number;
  readonly random: () => number;
}

export interface CrashResult {
  /** Changes acknowledged. */
  readonly acknowledged: number;
  /** Changes under way when the process was ended. */
  readonly interrupted: number;
  /** Interrupted changes that the next start found half done. */
  readonly settled: number;
}

const NAMES_PER_WORKER = 4;

/** @throws {AssertionError} At the first key that was lost, or came back. */
export async function crashRepeatedly(
  target: CrashTarget,
  options: CrashOptions,
): Promise<CrashResult> {
  const keys = new ExpectedKeys();
  let settled = 0;
  for (let round = 0; round < options.rounds; round++) {
    const running = await target.start();
    settled += running.settled;
    keys.compare(await running.workingKeys(), `round ${round}`);
    await workUntilKilled(running, keys, options);
  }
  const running = await target.start();
  settled += running.settled;
  keys.compare(await running.workingKeys(), "the end");
  await running.stop();
  await target.assertNoOrphans();
  return { acknowledged: keys.acknowledged, interrupted: keys.interrupted, settled };
}

async function workUntilKilled(
  running: RunningTarget,
  keys: ExpectedKeys,
  { workers, longestLifeMs, random }: CrashOptions,
): Promise<void> {
  const end = new AbortController();
  const work = Array.from({ length: workers }, async (_, worker) => {
    while (!end.signal.aborted) {
      const name = `worker ${worker} key ${Math.floor(random() * NAMES_PER_WORKER)}`;
      await keys.change(name, running).catch((error) => {
        if (!end.signal.aborted) throw error;
      });
    }
  });
  const killed = new Promise((resolve) => setTimeout(resolve, random() * longestLifeMs))
    .then(() => {
      end.abort();
      return running.kill();
    });
  await Promise.all([killed, ...work]);
}

/** What must be there, as far as it was acknowledged. */
class ExpectedKeys {
  readonly #present = new Set<string>();
  readonly #unknown = new Set<string>();
  acknowledged = 0;
  interrupted = 0;

  /** Creates the key if it isn't there, else destroys it. */
  async change(name: string, running: RunningTarget): Promise<void> {
    const isThere = this.#present.has(name);
    this.#unknown.add(name);
    await (isThere ? running.destroy(name) : running.create(name));
    this.#unknown.delete(name);
    if (isThere) this.#present.delete(name);
    else this.#present.add(name);
    this.acknowledged++;
  }

  /** Compares with what is there, and takes over what was under way as it turned out. */
  compare(found: readonly string[], when: string): void {
    assert.equal(new Set(found).size, found.length, `${when}: a key is there twice`);
    const known = (names: Iterable<string>) =>
      [...names].filter((name) => !this.#unknown.has(name)).sort();
    assert.deepEqual(known(found), known(this.#present), when);
    this.interrupted += this.#unknown.size;
    for (const name of this.#unknown) this.#present.delete(name);
    for (const name of found) this.#present.add(name);
    this.#unknown.clear();
  }
}

/** Repeatable random numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
