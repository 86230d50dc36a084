/**
 * A limit for many works that take as long as each other, watched over by one timer: one for each would cost more than
 * what a quick token does.
 */
interface Waiting {
  /** On the clock of `performance.now()`, ms. */
  readonly until: number;
  readonly expire: () => void;
}

export class TimeLimit implements Disposable {
  readonly #ms: number;
  /** In the order in which they expire. */
  readonly #waiting = new Set<Waiting>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /**
   * What a promise gives, if it does so in time. Afterwards nobody looks at it any more.
   *
   * @throws What `late` makes, if it does not.
   */
  within<T>(promise: Promise<T>, late: () => Error): Promise<T> {
    const { promise: result, resolve, reject } = Promise.withResolvers<T>();
    const waiting = { until: performance.now() + this.#ms, expire: () => reject(late()) };
    this.#waiting.add(waiting);
    this.#timer ??= setTimeout(() => this.#expire(), this.#ms);
    promise.then((value) => {
      this.#waiting.delete(waiting);
      resolve(value);
    }, (error) => {
      this.#waiting.delete(waiting);
      reject(error);
    });
    return result;
  }

  /** Lets go of the timer, unless somebody still waits. */
  [Symbol.dispose](): void {
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.until > now) {
        this.#timer = setTimeout(() => this.#expire(), waiting.until - now);
        return;
      }
      this.#waiting.delete(waiting);
      waiting.expire();
    }
  }
}
