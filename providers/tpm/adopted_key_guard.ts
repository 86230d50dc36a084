/**
 * Adopted keys are at the mercy of whoever else uses the TPM. One that is gone is told of once; one whose auth value
 * was changed is not tried again until the TPM has forgotten the last try: a client can't bring the TPM nearer to
 * its lockout (TPM 2.0 Library, part 1, "Dictionary Attack Protection"). For the same reason a key is used for one
 * request at a time: all that come at once would try the same wrong value. (The TPM does one thing at a time anyway.)
 */
import type { Logger } from "../../src/log.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { isAdoptedKeyId } from "./adopted_key_id.ts";
import type { Clock } from "./patience.ts";
import { notPermitted } from "./refusals.ts";
import { isWrongAuth } from "./setup_errors.ts";

/** Where the TPM does not say how long it remembers. */
const LEAST_PAUSE_MS = 60_000;
/** TPMs forget by a clock of their own, which may be slow, and start anew with each wrong value. */
const CLOCK_MARGIN = 1.5;

export interface AdoptedKeyGuardOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Seconds after which the TPM forgets one wrong auth value. */
  readonly lockoutInterval: number;
}

type Call = (...args: readonly unknown[]) => unknown;

export class AdoptedKeyGuard {
  readonly #options: AdoptedKeyGuardOptions;
  /** By key id: until when it is not tried, milliseconds of the clock. */
  readonly #refused = new Map<string, number>();
  readonly #missing = new Set<string>();
  /** By key id: when the last request for it that has come so far is done. */
  readonly #uses = new Map<string, Promise<void>>();

  constructor(options: AdoptedKeyGuardOptions) {
    this.#options = options;
  }

  /** A table of functions as it was; those whose first argument is an adopted key are guarded. */
  guarded<T extends object>(table: T): T {
    const entries = Object.entries(table).map(([name, call]) => [name, this.#guardedCall(call)]);
    // Each function keeps its name, its parameters and its result.
    return Object.fromEntries(entries) as T;
  }

  #guardedCall(call: Call): Call {
    return (...args) => {
      const [key] = args;
      return isAdopted(key) ? this.#watch(key, () => call(...args)) : call(...args);
    };
  }

  async #watch(key: Key, use: () => unknown): Promise<unknown> {
    const id = key.id.toHex();
    return await this.#afterOthers(id, async () => {
      if (this.#options.clock.now() < (this.#refused.get(id) ?? 0)) throw refused();
      try {
        const result = await use();
        this.#missing.delete(id);
        return result;
      } catch (error) {
        throw this.#judged(key, id, error);
      }
    });
  }

  async #afterOthers<T>(id: string, use: () => Promise<T>): Promise<T> {
    const others = this.#uses.get(id);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#uses.set(id, done);
    try {
      await others;
      return await use();
    } finally {
      resolve();
      if (this.#uses.get(id) === done) this.#uses.delete(id);
    }
  }

  #judged({ identity: { application, keyName } }: Key, id: string, error: unknown): unknown {
    const details = { client: application.name, key: keyName };
    const { log } = this.#options;
    if (isAbsence(error) && !this.#missing.has(id)) {
      this.#missing.add(id);
      log.error("An adopted key is not in the TPM any more", { reason: error.message }, details);
    }
    if (!isWrongAuth(error)) return error;
    const pauseMs = this.#postpone(id);
    log.error(
      "The TPM refuses the auth value of an adopted key: it was changed; adopt the key anew",
      { secondsUntilNextTry: Math.ceil(pauseMs / 1000) },
      details,
    );
    return refused(error);
  }

  /** The TPM forgets wrong values one by one, whichever keys they were for: these take turns. */
  #postpone(id: string): number {
    const { clock, lockoutInterval } = this.#options;
    const now = clock.now();
    for (const [each, until] of this.#refused) if (until <= now) this.#refused.delete(each);
    const forgetMs = Math.max(lockoutInterval * 1000 * CLOCK_MARGIN, LEAST_PAUSE_MS);
    const pauseMs = forgetMs * (this.#refused.size + 1);
    this.#refused.set(id, now + pauseMs);
    return pauseMs;
  }
}

function isAdopted(value: unknown): value is Key {
  return typeof value === "object" && value !== null && "id" in value &&
    value.id instanceof Uint8Array && isAdoptedKeyId(value.id);
}

function isAbsence(error: unknown): error is StatusError {
  return error instanceof StatusError && error.status === ResponseStatus.PsaErrorDoesNotExist;
}

function refused(cause?: unknown): StatusError {
  return notPermitted(
    "Cannot use the key: the TPM refuses the auth value it was adopted with",
    cause,
  );
}
