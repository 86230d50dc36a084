/**
 * The way to the TPM, shared fairly and kept up: when the TPM is reset, or the resource manager or the TPM itself
 * goes away and comes back, everything is opened and loaded anew and the work is done again. Its clients
 * see one delayed answer at most.
 */
import { Tss2Error } from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { FairQueue } from "./fair_queue.ts";
import { isLost } from "./failures.ts";
import type { Clock } from "./patience.ts";
import type { Tpm } from "./tpm.ts";

/** How often one piece of work is done again; each time the TPM was there in between. */
const MOST_REPETITIONS = 3;
/** How long the first to notice waits for a TPM to come back. Later ones ask once. */
const RETURN_MS = 10_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** A session that is kept for longer without a command is in the way of others' (TPM_RC_CONTEXT_GAP). */
const IDLE_MS = 60_000;

export interface TpmConnectionOptions {
  /** Reaches the TPM anew. */
  readonly open: () => Promise<Tpm>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds for which a session is kept without a command. */
  readonly idleMs?: number;
}

/** Work must be repeatable: it is done again from its beginning after the TPM was lost. */
export type Work<T> = (tpm: Tpm) => Promise<T>;

export class TpmConnection implements AsyncDisposable {
  readonly #options: TpmConnectionOptions;
  readonly #queue = new FairQueue();
  #tpm: Tpm | undefined;
  /** Whether somebody has waited for the TPM in vain. */
  #isAway = false;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** @param tpm Reached already. */
  constructor(tpm: Tpm, options: TpmConnectionOptions) {
    this.#tpm = tpm;
    this.#options = options;
  }

  /**
   * Does some work in one turn. Nothing else reaches the TPM meanwhile, so keep it to few commands.
   *
   * @param lane Who is asking; lanes take turns.
   */
  async run<T>(lane: string, work: Work<T>): Promise<T> {
    using _turn = await this.#queue.acquire(lane);
    this.#stopIdling();
    try {
      return await this.#repeatedly(work);
    } finally {
      this.#startIdling();
    }
  }

  /** Does some work only if the TPM is there; for what need not be done if it is not. */
  async runIfOpen(lane: string, work: Work<void>): Promise<void> {
    using _turn = await this.#queue.acquire(lane);
    const tpm = this.#tpm;
    if (tpm === undefined) return;
    try {
      await work(tpm);
    } catch (error) {
      if (!await tpm.isLoss(error)) throw error;
      this.#drop(error);
    } finally {
      tpm.endTurn();
    }
  }

  /** Lets the current turn end, and leaves nothing behind in the TPM. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.runIfOpen("", (tpm) => tpm.clear());
    } catch (error) {
      this.#options.log.warn("The TPM could not be left as it was found", {}, { error });
    }
    this.#isClosed = true;
    this.#stopIdling();
    this.#tpm?.[Symbol.dispose]();
    this.#tpm = undefined;
  }

  async #repeatedly<T>(work: Work<T>): Promise<T> {
    for (let repetitions = 0;; repetitions++) {
      const tpm = await this.#reach();
      try {
        return await work(tpm);
      } catch (error) {
        if (!await tpm.isLoss(error)) throw error;
        this.#drop(error);
        if (repetitions === MOST_REPETITIONS) throw error;
      } finally {
        tpm.endTurn();
      }
    }
  }

  async #reach(): Promise<Tpm> {
    if (this.#isClosed) throw new TypeError("Cannot use the TPM: the connection is closed");
    return this.#tpm ??= await this.#reopen();
  }

  async #reopen(): Promise<Tpm> {
    const { clock, log, open } = this.#options;
    const end = clock.now() + (this.#isAway ? 0 : RETURN_MS);
    for (let pause = FIRST_PAUSE_MS;; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        const tpm = await open();
        log.info("The TPM is back");
        this.#isAway = false;
        return tpm;
      } catch (error) {
        if (!isLost(error)) throw error;
        if (clock.now() + pause > end) throw this.#away(error);
      }
      await clock.sleep(pause);
    }
  }

  #away(error: unknown): StatusError {
    if (!this.#isAway) {
      this.#options.log.error(
        "The TPM can't be reached; it is tried again with each request",
        { reason: error instanceof Tss2Error ? error.message : undefined },
      );
    }
    this.#isAway = true;
    return new StatusError(
      ResponseStatus.PsaErrorCommunicationFailure,
      "Cannot reach the TPM",
      { cause: error },
    );
  }

  #drop(error: unknown): void {
    this.#options.log.warn("The TPM was lost, it is opened again", {
      reason: error instanceof Error ? error.message : String(error),
    });
    this.#tpm?.[Symbol.dispose]();
    this.#tpm = undefined;
  }

  #startIdling(): void {
    if (this.#isClosed || this.#tpm?.hasSession !== true) return;
    const idle = setTimeout(() => this.#endSession(), this.#options.idleMs ?? IDLE_MS);
    Deno.unrefTimer(idle);
    this.#idle = idle;
  }

  #stopIdling(): void {
    clearTimeout(this.#idle);
  }

  #endSession(): void {
    this.runIfOpen("", (tpm) => tpm.closeSession()).catch((error) => {
      this.#options.log.warn("The idle session of the TPM could not be closed", {}, { error });
    });
  }
}
