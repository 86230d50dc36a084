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
/**
 * A turn that takes longer does not come to an end: the TPM is stuck. Making a large key may take minutes. (How long
 * each client waits is not decided here: `execution_timeout`.)
 */
const STUCK_MS = 300_000;
/** So long the end of the service waits for the TPM. */
const CLOSING_MS = 5000;
/** A session that is kept for longer without a command is in the way of others' (TPM_RC_CONTEXT_GAP). */
const IDLE_MS = 60_000;

export interface TpmConnectionOptions {
  /** Reaches the TPM anew. */
  readonly open: () => Promise<Tpm>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Milliseconds for which a session is kept without a command. */
  readonly idleMs?: number;
  /** Milliseconds after which a TPM that does not answer is stuck. */
  readonly stuckMs?: number | undefined;
}

/** Work must be repeatable: it is done again from its beginning after the TPM was lost. */
export type Work<T> = (tpm: Tpm) => Promise<T>;

export class TpmConnection implements AsyncDisposable {
  readonly #options: TpmConnectionOptions;
  readonly #queue = new FairQueue();
  #tpm: Tpm | undefined;
  /** Whether somebody has waited for the TPM in vain. */
  #isAway = false;
  /** Gives up the turn at hand. */
  #giveUp: ((error: Error) => void) | undefined;
  /** Whether the turn at hand was given up. A call into the library can't be called back: it ends when it does. */
  #isStuck = false;
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
    const turn = await this.#queue.acquire(lane);
    return await this.#inTurn(turn, async () => {
      this.#stopIdling();
      try {
        return await this.#repeatedly(work);
      } finally {
        this.#startIdling();
      }
    });
  }

  /** Does some work only if the TPM is there; for what need not be done if it is not. */
  async runIfOpen(lane: string, work: Work<void>): Promise<void> {
    // Refused is who waits for a TPM that is stuck: it is as good as away.
    const turn = await this.#queue.acquire(lane).catch(() => undefined);
    if (turn !== undefined) await this.#inTurn(turn, () => this.#once(work));
  }

  /** Lets the current turn end, and leaves nothing behind in the TPM. */
  async [Symbol.asyncDispose](): Promise<void> {
    const limit = setTimeout(() => this.#declareStuck(), CLOSING_MS);
    try {
      await this.runIfOpen("", (tpm) => tpm.clear());
    } catch (error) {
      this.#options.log.warn("The TPM could not be left as it was found", {}, { error });
    } finally {
      clearTimeout(limit);
    }
    this.#isClosed = true;
    this.#stopIdling();
    if (!this.#isStuck) this.#close();
  }

  /** Whoever asked for the work waits until it is done, or the TPM is stuck; the turn lasts until it is done. */
  async #inTurn<T>(turn: Disposable, work: () => Promise<T>): Promise<T> {
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    this.#giveUp = reject;
    const limit = setTimeout(() => this.#declareStuck(), this.#options.stuckMs ?? STUCK_MS);
    const done = work().finally(() => {
      clearTimeout(limit);
      this.#giveUp = undefined;
      if (this.#isStuck) this.#unstick();
      turn[Symbol.dispose]();
    });
    return await Promise.race([done, givenUp]);
  }

  /** Refuses requests from here on, until the call that does not return has returned. */
  #declareStuck(): void {
    if (this.#giveUp === undefined || this.#isStuck) return;
    this.#isStuck = true;
    this.#options.log.error("The TPM does not answer; requests are refused until it does");
    this.#tpm?.abandon();
    const error = new StatusError(
      ResponseStatus.PsaErrorCommunicationFailure,
      "Cannot reach the TPM: it does not answer",
    );
    this.#queue.refuse(error);
    this.#giveUp(error);
  }

  #unstick(): void {
    this.#isStuck = false;
    this.#options.log.info("The TPM answers again, it is opened anew");
    this.#close();
  }

  #close(): void {
    this.#tpm?.[Symbol.dispose]();
    this.#tpm = undefined;
  }

  async #once(work: Work<void>): Promise<void> {
    const tpm = this.#tpm;
    if (tpm === undefined) return;
    try {
      await work(tpm);
    } catch (error) {
      if (this.#isStuck || !await tpm.isLoss(error)) throw error;
      this.#drop(error);
    } finally {
      tpm.endTurn();
    }
  }

  async #repeatedly<T>(work: Work<T>): Promise<T> {
    for (let repetitions = 0;; repetitions++) {
      const tpm = await this.#reach();
      if (this.#isStuck) throw new TypeError("Cannot use the TPM: nobody waits for it any more");
      try {
        return await work(tpm);
      } catch (error) {
        if (this.#isStuck || !await tpm.isLoss(error)) throw error;
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
    this.#close();
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
