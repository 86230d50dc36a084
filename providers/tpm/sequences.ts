/**
 * Hashes and HMACs over more than one command's worth of data. A sequence takes an object's place in the TPM for as
 * long as it lasts, so there is one at a time, of applications in turn; and its owner lets others have turns in between.
 */
import { type EsysObject, sequenceComplete, sequenceUpdate } from "../../ffi/tss2/mod.ts";
import { FairQueue } from "./fair_queue.ts";
import type { Tpm } from "./tpm.ts";
import type { TpmConnection } from "./tpm_connection.ts";

/** Commands in one turn: some milliseconds. */
const UPDATES_A_TURN = 8;
/** How often a sequence is begun that was lost with the TPM. */
const MOST_STARTS = 4;
const NAME = "sequence";

/** Starts a sequence. */
export type Begin = (tpm: Tpm) => Promise<EsysObject>;

interface Running {
  readonly tpm: Tpm;
  readonly sequence: EsysObject;
}

type Step = { readonly at: number } | { readonly result: Uint8Array<ArrayBuffer> };

export class Sequences {
  readonly #connection: TpmConnection;
  readonly #queue = new FairQueue();

  constructor(connection: TpmConnection) {
    this.#connection = connection;
  }

  /** @returns The hash or HMAC of the data. */
  async compute(lane: string, data: Uint8Array, begin: Begin): Promise<Uint8Array<ArrayBuffer>> {
    using _turn = await this.#queue.acquire(lane);
    for (let starts = 0; starts < MOST_STARTS; starts++) {
      const result = await this.#attempt(lane, data, begin);
      if (result !== undefined) return result;
    }
    throw new Error("Cannot finish a sequence: the TPM was lost each time");
  }

  /** `undefined` if the TPM was lost on the way, and the sequence with it. */
  async #attempt(
    lane: string,
    data: Uint8Array,
    begin: Begin,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const running = await this.#connection.run(lane, async (tpm) => ({
      tpm,
      sequence: await tpm.object(NAME, "sequence", () => begin(tpm)),
    }));
    try {
      let step: Step | undefined = { at: 0 };
      while (step !== undefined) {
        if ("result" in step) return step.result;
        step = await this.#step(lane, running, data.subarray(step.at), step.at);
      }
      return undefined;
    } catch (error) {
      await this.#abandon(lane, running);
      throw error;
    }
  }

  #step(
    lane: string,
    running: Running,
    data: Uint8Array,
    at: number,
  ): Promise<Step | undefined> {
    return this.#connection.run(
      lane,
      (tpm) => tpm === running.tpm ? advance(running, data, at) : Promise.resolve(undefined),
    );
  }

  async #abandon(lane: string, running: Running): Promise<void> {
    await this.#connection.runIfOpen(lane, async (tpm) => {
      if (tpm === running.tpm) await tpm.unload(NAME);
    });
  }
}

/** Feeds some of the rest of the data; the end of it ends the sequence. */
async function advance({ tpm, sequence }: Running, rest: Uint8Array, at: number): Promise<Step> {
  const most = tpm.capabilities.inputBuffer;
  let fed = 0;
  for (let updates = 0; updates < UPDATES_A_TURN; updates++) {
    const chunk = rest.subarray(fed, fed + most);
    fed += chunk.length;
    if (fed === rest.length) {
      const result = await tpm.secured((context, session) =>
        sequenceComplete(context, [session], sequence, chunk)
      );
      tpm.forget(NAME);
      return { result };
    }
    await tpm.secured((context, session) => sequenceUpdate(context, [session], sequence, chunk));
  }
  return { at: at + fed };
}
