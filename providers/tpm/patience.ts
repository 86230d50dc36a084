/** Waiting for a TPM that is busy: with self-tests, with its memory, with somebody else's command. */
import { isBusy } from "./failures.ts";

/** A TPM that is busy for longer has another problem. */
const MOST_MS = 10_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 1000;

export interface Clock {
  /** Milliseconds, growing. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Runs a command until the TPM is not busy any more, with growing pauses. */
export async function patiently<T>(run: () => Promise<T>, clock: Clock): Promise<T> {
  const end = clock.now() + MOST_MS;
  for (let pause = FIRST_PAUSE_MS;; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await run();
    } catch (error) {
      if (!isBusy(error) || clock.now() + pause > end) throw error;
    }
    await clock.sleep(pause);
  }
}
