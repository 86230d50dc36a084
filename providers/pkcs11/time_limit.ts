/**
 * A limit for many works that take as long as each other, watched over by one timer: one for each would cost more than
 * what a quick token does.
 */
import { DeadlineQueue } from "../../src/deadline_queue.ts";

export class TimeLimit implements Disposable {
  /** What is done about each work that is late. */
  readonly #waiting: DeadlineQueue<() => void>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number) {
    this.#waiting = new DeadlineQueue(ms, (expire) => expire());
  }

  /**
   * What a promise gives, if it does so in time. Afterwards nobody looks at it any more.
   *
   * @throws What `late` makes, if it does not.
   */
  within<T>(promise: Promise<T>, late: () => Error): Promise<T> {
    const { promise: result, resolve, reject } = Promise.withResolvers<T>();
    const expire = () => reject(late());
    this.#waiting.add(expire, performance.now());
    if (this.#timer === undefined) this.#watch();
    promise.then((value) => {
      this.#waiting.remove(expire);
      resolve(value);
    }, (error) => {
      this.#waiting.remove(expire);
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

  #watch(): void {
    this.#timer = undefined;
    this.#waiting.expire(performance.now());
    const next = this.#waiting.next();
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.#watch(), next - performance.now());
  }
}
