/**
 * Finds out by measuring which calls of a token are quicker made at once than on another thread, without ever
 * letting a slow token hold up this thread.
 *
 * Measured over SoftHSM (2 cores, operations a second): ECDSA P-256 in C with two threads 30,000; here with all
 * calls at once 17,900, all elsewhere 13,600, C_SignInit (8 us) at once and C_Sign (40 us) elsewhere 20,000. So
 * what takes less than the way to another thread is done at once, and the rest runs beside each other.
 *
 * Only for tokens that are software: a device may hang at any time, and nothing may hang with it.
 */
import type { CallKind, Pace } from "../../ffi/pkcs11/mod.ts";

/** A call of less than this is made at once, ms: less than the way to another thread and back. */
const QUICK_MS = 0.03;
/** A call that took this long elsewhere, the way included, may be quick: it is tried here, ms. */
const WORTH_TRYING_MS = 0.2;
/** Calls elsewhere before one is tried here. */
const CALLS_BEFORE_TRIAL = 4;
/** Calls elsewhere before the next trial, after one that was not quick. */
const CALLS_BETWEEN_TRIALS = 10_000;
/** A call that takes this long here has stalled: this kind is no longer made here, ms. */
const STALLED_MS = 2;
/** Longest data of a call made here, bytes. */
const MAX_LENGTH = 4096;
/** How much a new measurement counts. */
const WEIGHT = 0.1;

/** What is known of the calls of one function with one mechanism. */
interface Experience {
  isQuick: boolean;
  /** Running mean of the calls here, ms. */
  mean: number;
  /** The shortest of the calls elsewhere since the last trial, ms. */
  best: number;
  /** Calls elsewhere until the next trial. */
  untilTrial: number;
}

export class MeasuredPace implements Pace {
  readonly #experiences = new Map<string, Experience>();

  isQuick({ functionName, mechanism, length }: CallKind): boolean {
    if (length > MAX_LENGTH) return false;
    const experience = this.#of(functionName, mechanism);
    if (experience.isQuick) return true;
    return experience.untilTrial <= 0 && experience.best < WORTH_TRYING_MS;
  }

  took({ functionName, mechanism, length }: CallKind, ms: number, where: "here" | "elsewhere") {
    if (length > MAX_LENGTH) return;
    const experience = this.#of(functionName, mechanism);
    if (where === "here") return learnHere(experience, ms);
    experience.best = Math.min(experience.best, ms);
    experience.untilTrial--;
  }

  #of(functionName: string, mechanism: number): Experience {
    const name = `${functionName} ${mechanism}`;
    const known = this.#experiences.get(name);
    if (known !== undefined) return known;
    const fresh = { isQuick: false, mean: 0, best: Infinity, untilTrial: CALLS_BEFORE_TRIAL };
    this.#experiences.set(name, fresh);
    return fresh;
  }
}

function learnHere(experience: Experience, ms: number): void {
  const mean = experience.isQuick ? experience.mean + WEIGHT * (ms - experience.mean) : ms;
  experience.mean = mean;
  experience.isQuick = mean < QUICK_MS && ms < STALLED_MS;
  if (experience.isQuick) return;
  experience.best = Infinity;
  experience.untilTrial = CALLS_BETWEEN_TRIALS;
}
