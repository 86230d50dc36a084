/**
 * Deadlines that all lie the same time ahead. Whatever is put in last expires last, so the order of arrival
 * is the order of expiry: no heap, and no timer a connection.
 */
export class DeadlineQueue<T> {
  #delayMs: number;
  readonly #onExpired: (item: T) => void;
  /** Item to deadline, in order of arrival, which a Map keeps. */
  readonly #deadlines = new Map<T, number>();
  /** No item expires before. Spares the look at the first item, which is not free in a Map. */
  #notBefore = Infinity;

  /** @param onExpired Called once an item, which has left the queue by then. */
  constructor(delayMs: number, onExpired: (item: T) => void) {
    this.#delayMs = delayMs;
    this.#onExpired = onExpired;
  }

  get size(): number {
    return this.#deadlines.size;
  }

  /** Nobody in the queue waits longer than the new delay from `now`; the order stays that of arrival. */
  setDelay(delayMs: number, now: number): void {
    this.#delayMs = delayMs;
    const latest = now + delayMs;
    for (const [item, deadline] of this.#deadlines) {
      this.#deadlines.set(item, Math.min(deadline, latest));
    }
    this.#notBefore = Math.min(this.#notBefore, latest);
  }

  /**
   * Puts an item in, or moves it to the end.
   *
   * @returns When it expires.
   */
  add(item: T, now: number): number {
    const deadline = now + this.#delayMs;
    this.#deadlines.delete(item);
    this.#deadlines.set(item, deadline);
    this.#notBefore = Math.min(this.#notBefore, deadline);
    return deadline;
  }

  remove(item: T): void {
    this.#deadlines.delete(item);
  }

  /** When to look again, at the latest; `Infinity` if there is nothing to wait for. */
  next(): number {
    return this.#deadlines.size === 0 ? Infinity : this.#notBefore;
  }

  /** Lets go of every item whose time has come; of all with `Infinity`. */
  expire(now: number): void {
    if (now < this.#notBefore) return;
    for (const [item, deadline] of this.#deadlines) {
      if (deadline > now) {
        this.#notBefore = deadline;
        return;
      }
      this.#deadlines.delete(item);
      this.#onExpired(item);
    }
    this.#notBefore = Infinity;
  }
}
