/**
 * Turns on the one TPM, fairly: each application has a lane, and the lanes take turns, so that an application
 * with many requests delays another's by one command at most.
 */

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: Error) => void;
}

export class FairQueue {
  #busy = false;
  /** Why nobody gets a turn before the one at hand has ended. */
  #refusal: Error | undefined;
  /** Who waits, by lane; the lane whose turn is next comes first. No lane is empty. */
  readonly #lanes = new Map<string, Waiting[]>();

  /**
   * Waits for a turn: `using _turn = await queue.acquire(lane)`.
   *
   * @throws What {@linkcode refuse} was given.
   */
  async acquire(lane: string): Promise<Disposable> {
    if (this.#refusal !== undefined) throw this.#refusal;
    if (this.#busy) {
      await new Promise<void>((start, refuse) => this.#enqueue(lane, { start, refuse }));
    }
    this.#busy = true;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release();
        held = false;
      },
    };
  }

  /** Refuses all who wait, and who comes before the turn at hand has ended. */
  refuse(error: Error): void {
    this.#refusal = error;
    for (const { refuse } of [...this.#lanes.values()].flat()) refuse(error);
    this.#lanes.clear();
  }

  #enqueue(lane: string, one: Waiting): void {
    const waiting = this.#lanes.get(lane);
    if (waiting === undefined) this.#lanes.set(lane, [one]);
    else waiting.push(one);
  }

  /** The turn goes to the next lane, without being free in between; that lane is last then. */
  #release(): void {
    this.#refusal = undefined;
    const [next] = this.#lanes;
    if (next === undefined) {
      this.#busy = false;
      return;
    }
    const [lane, waiting] = next;
    const one = waiting.shift();
    this.#lanes.delete(lane);
    if (waiting.length > 0) this.#lanes.set(lane, waiting);
    one?.start();
  }
}
