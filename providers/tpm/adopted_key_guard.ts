/**
 * Adopted keys are at the mercy of whoever else uses the TPM. One that is gone is told of once; one whose auth value
 * was changed is not tried again until the TPM has forgotten the last try: a client can't bring the TPM nearer to
 * its lockout (TPM 2.0 Library, part 1, section 19.8).
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
    if (this.#options.clock.now() < (this.#refused.get(id) ?? 0)) throw refused();
    this.#refused.delete(id);
    try {
      const result = await use();
      this.#missing.delete(id);
      return result;
    } catch (error) {
      throw this.#judged(key, id, error);
    }
  }

  #judged({ identity: { application, keyName } }: Key, id: string, error: unknown): unknown {
    const details = { client: application.name, key: keyName };
    const { log, clock } = this.#options;
    if (isAbsence(error) && !this.#missing.has(id)) {
      this.#missing.add(id);
      log.error("An adopted key is not in the TPM any more", { reason: error.message }, details);
    }
    if (!isWrongAuth(error)) return error;
    const pauseMs = Math.max(this.#options.lockoutInterval * 1000, LEAST_PAUSE_MS);
    this.#refused.set(id, clock.now() + pauseMs);
    log.error(
      "The TPM refuses the auth value of an adopted key: it was changed; adopt the key anew",
      { secondsUntilNextTry: Math.ceil(pauseMs / 1000) },
      details,
    );
    return refused(error);
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
