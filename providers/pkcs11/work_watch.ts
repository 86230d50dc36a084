/**
 * Watches over work that a token may never finish. A call into a module can't be called back: it keeps its session and
 * its thread until it returns, so whoever opens new sessions has to know how many are taken.
 */
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { TimeLimit } from "./time_limit.ts";

/** Work that has not come back. It may be done yet; nobody waits for it any more. */
export class StuckError extends StatusError {
  constructor(ms: number) {
    super(
      ResponseStatus.PsaErrorHardwareFailure,
      `Cannot wait for the token: it has not answered after ${ms} ms`,
    );
  }
}

/** Runs the work of somebody whose turn has come. */
type Begun = <T>(work: () => Promise<T>) => Promise<T>;

export class WorkWatch implements Disposable {
  #atWork = 0;
  /** How much of it was given up and has not come back. */
  #stuck = 0;
  readonly #onAllBack: () => void;
  /** By their length, ms. */
  readonly #limits = new Map<number, TimeLimit>();

  /** @param onAllBack Called when the last work that was stuck has come back. */
  constructor(onAllBack: () => void) {
    this.#onAllBack = onAllBack;
  }

  /** Sessions and threads that don't come back soon; with one of them stuck, all that are in use. */
  get taken(): number {
    return this.#stuck > 0 ? this.#atWork : 0;
  }

  /**
   * @param use Waits for its turn, then does the work.
   * @throws {StuckError} If that takes too long. Nobody waits for it any more.
   */
  run<T>(ms: number, use: (begun: Begun) => Promise<T>): Promise<T> {
    let hasBegun = false;
    const pending = use(async (work) => {
      hasBegun = true;
      this.#atWork++;
      try {
        return await work();
      } finally {
        this.#atWork--;
      }
    });
    return this.#limit(ms).within(pending, () => {
      if (hasBegun) this.#countStuck(pending);
      return new StuckError(ms);
    });
  }

  [Symbol.dispose](): void {
    for (const limit of this.#limits.values()) limit[Symbol.dispose]();
  }

  #limit(ms: number): TimeLimit {
    const limit = this.#limits.get(ms) ?? new TimeLimit(ms);
    this.#limits.set(ms, limit);
    return limit;
  }

  #countStuck(pending: Promise<unknown>): void {
    this.#stuck++;
    const comeBack = () => {
      this.#stuck--;
      if (this.#stuck === 0) this.#onAllBack();
    };
    pending.then(comeBack, comeBack);
  }
}
