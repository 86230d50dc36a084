/**
 * Finds out by measuring which calls of a token are quicker made at once than on another thread, without ever
 * letting a slow token hold up this thread.
 *
 * Measured over SoftHSM (2 cores, ECDSA P-256 a second; C_SignInit takes 35 us, C_Sign 23 us): C with two threads
 * 30,000; here with one request at a time 12,500 if the calls are made at once and 5,200 if elsewhere, with eight
 * 14,700 and 11,500. To divide the calls between the two, or to do so only when many wait, was no better.
 *
 * Only for tokens that are software: a device may hang at any time, and nothing may hang with it.
 */
import type { CallKind, Pace } from "../../ffi/pkcs11/mod.ts";

/** A call of less than this is made at once, ms: about the way to another thread and back. */
const QUICK_MS = 0.08;
/** Calls here that take longer than this by now are made elsewhere again, ms: what is near the limit stays here. */
const SLOW_MS = 0.15;
/** A call that took this long elsewhere, the way included, may be quick: it is tried here, ms. */
const WORTH_TRYING_MS = 0.2;
/** Calls elsewhere before one is tried here. */
const CALLS_BEFORE_TRIAL = 4;
/** Calls elsewhere before the next trial, after one that was not quick, or that stalled. */
const CALLS_BETWEEN_TRIALS = 2_000;
/** Calls of a trial, the best of which counts: the first ones are slow because they are the first. */
const TRIAL_CALLS = 8;
/** A call that takes this long here has stalled: this kind is no longer made here, ms. */
const STALLED_MS = 2;
/** Any longer call counts as this long, ms: on a busy machine a few are held up through no fault of the token. */
const LONGEST_COUNTED_MS = 0.3;
/** Longest data of a call made here, bytes. */
const MAX_LENGTH = 4096;
/** How much a new measurement counts. */
const WEIGHT = 0.05;

/** What is known of the calls of one function with one mechanism. */
interface Experience {
  isQuick: boolean;
  /** Calls of the trial that is going on. */
  tried: number;
  /** The shortest of the trial, then the running mean of the calls here, ms. */
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
    const fresh = {
      isQuick: false,
      tried: 0,
      mean: Infinity,
      best: Infinity,
      untilTrial: CALLS_BEFORE_TRIAL,
    };
    this.#experiences.set(name, fresh);
    return fresh;
  }
}

function learnHere(experience: Experience, ms: number): void {
  if (ms >= STALLED_MS) return giveUp(experience);
  if (experience.isQuick) {
    experience.mean += WEIGHT * (Math.min(ms, LONGEST_COUNTED_MS) - experience.mean);
    if (experience.mean >= SLOW_MS) giveUp(experience);
    return;
  }
  experience.mean = Math.min(experience.mean, ms);
  experience.tried++;
  if (experience.tried < TRIAL_CALLS) return;
  if (experience.mean < QUICK_MS) experience.isQuick = true;
  else giveUp(experience);
}

function giveUp(experience: Experience): void {
  experience.isQuick = false;
  experience.tried = 0;
  experience.mean = Infinity;
  experience.best = Infinity;
  experience.untilTrial = CALLS_BETWEEN_TRIALS;
}
