/**
 * The listener's loop: waits for descriptors and deadlines, and gives each its turn.
 *
 * It shares its thread with everything else in the process (promises, timers, signals, completions of
 * native calls), and waits in two ways:
 *
 * - hot: a client that has just been served mostly comes again at once, so the thread itself waits for it, a
 *   moment. That spares 10-20 us a wait.
 * - otherwise on another thread: the process sleeps when idle, and everything else runs. Also while a request
 *   is executed asynchronously, whose completion must get in, and at least every {@linkcode YIELD_MS}.
 *
 * Handing a wait to another thread is the only yield that lets everything else in: measured on Deno 2.9.6, with
 * 5 ms of work between, setImmediate left completions waiting for up to 40 ms, a MessageChannel for 660.
 */
import { DeadlineQueue } from "../deadline_queue.ts";
import type { Interest, Poller } from "./socket_calls.ts";

/** How long after the last event the thread itself waits. */
const HOT_MS = 2;
/** How long the loop keeps the thread at a stretch, at most (a single turn may be longer). */
const YIELD_MS = 5;

/** Something with a descriptor. */
export interface Ready {
  onReady(): void;
}

export class EventLoop {
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly #poller: Poller;
  /** By descriptor: the kernel gives out the smallest free one, so this stays short. */
  readonly #waiting: (Ready | undefined)[] = [];
  readonly #queues: Pick<DeadlineQueue<unknown>, "expire" | "next">[] = [];
  #executing = 0;
  /** When the wait on the other thread ends by itself. */
  #waitEnds: number | undefined;
  #stopped = false;

  constructor(poller: Poller, clock: () => number = () => performance.now()) {
    this.#poller = poller;
    this.now = clock;
  }

  /** @param onExpired See {@linkcode DeadlineQueue}. */
  openQueue<T>(delayMs: number, onExpired: (item: T) => void): DeadlineQueue<T> {
    const queue = new DeadlineQueue<T>(delayMs, onExpired);
    this.#queues.push(queue);
    return queue;
  }

  /** Puts an item into a queue, and makes sure that a wait under way ends in time for it. */
  schedule<T>(queue: DeadlineQueue<T>, item: T): void {
    const deadline = queue.add(item, this.now());
    if (this.#waitEnds !== undefined && deadline < this.#waitEnds) this.#poller.wake();
  }

  /** See {@linkcode DeadlineQueue.setDelay}. */
  setDelay(queue: Pick<DeadlineQueue<unknown>, "setDelay">, delayMs: number): void {
    queue.setDelay(delayMs, this.now());
    // A wait under way may end too late now.
    this.#poller.wake();
  }

  /**
   * Gives `target` its turn when `fd` is ready: once, or with `accept` again and again.
   *
   * @throws What the poller throws, e.g. when the kernel has no room; `fd` can still be disarmed and closed.
   */
  arm(fd: number, interest: Interest, target: Ready): void {
    if (this.#waiting[fd] === undefined) this.#poller.add(fd, interest);
    else this.#poller.rearm(fd, interest);
    this.#waiting[fd] = target;
  }

  /** To be called before an armed descriptor is closed. */
  disarm(fd: number): void {
    if (this.#waiting[fd] === undefined) return;
    this.#waiting[fd] = undefined;
    this.#poller.remove(fd);
  }

  /** Brackets the asynchronous execution of a request. */
  executionStarted(): void {
    this.#executing++;
  }

  executionEnded(): void {
    this.#executing--;
  }

  /**
   * Runs until {@linkcode stop}. Not before the promise settles may the poller be disposed.
   *
   * @throws What the poller throws: a bug, after which nothing works.
   */
  async run(): Promise<void> {
    let count = 0;
    let lastEvent = -Infinity;
    let lastYield = -Infinity;
    for (;;) {
      const now = this.now();
      if (count > 0) lastEvent = now;
      this.#expire(now);
      if (this.#stopped) return;
      const hotUntil = Math.min(lastEvent + HOT_MS, lastYield + YIELD_MS);
      if (this.#executing === 0 && now < hotUntil) {
        count = this.#poller.wait(millisecondsUntil(Math.min(hotUntil, this.#nextDeadline()), now));
      } else {
        count = await this.#waitAsync(now);
        lastYield = this.now();
      }
      this.#dispatch(count);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#poller.wake();
  }

  async #waitAsync(now: number): Promise<number> {
    this.#waitEnds = this.#nextDeadline();
    try {
      return await this.#poller.waitAsync(millisecondsUntil(this.#waitEnds, now));
    } finally {
      this.#waitEnds = undefined;
    }
  }

  #dispatch(count: number): void {
    for (let i = 0; i < count; i++) this.#waiting[this.#poller.ready(i)]?.onReady();
  }

  #expire(now: number): void {
    for (const queue of this.#queues) queue.expire(now);
  }

  #nextDeadline(): number {
    let next = Infinity;
    for (const queue of this.#queues) next = Math.min(next, queue.next());
    return next;
  }
}

/** A time-out for the poller; rounded up, so that the deadline has passed when it ends. */
function millisecondsUntil(deadline: number, now: number): number {
  if (deadline === Infinity) return -1;
  return Math.min(Math.max(Math.ceil(deadline - now), 0), 0x7fff_ffff);
}
