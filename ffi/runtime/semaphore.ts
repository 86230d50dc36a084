/**
 * Limits how much goes on at once: calls on the process-wide pool of 32 threads, which file I/O needs too, or
 * (one permit) calls on a native context that serves one at a time.
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param permits How many may go on at once; at least 1. */
  constructor(permits: number) {
    if (!Number.isSafeInteger(permits) || permits < 1) {
      throw new RangeError(`Cannot make a semaphore: found ${permits} permits, wanted 1 or more`);
    }
    this.#free = permits;
  }

  /**
   * Waits for a permit, first come, first served: `using _turn = await semaphore.acquire()`.
   *
   * @returns The permit; disposing it (once) gives it back.
   */
  async acquire(): Promise<Disposable> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release();
        held = false;
      },
    };
  }

  /** Does the work while holding a permit. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    using _permit = await this.acquire();
    return await work();
  }

  /** The permit goes to who waits longest, without being free in between. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) return next();
    this.#free++;
  }
}
