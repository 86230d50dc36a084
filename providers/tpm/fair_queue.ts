/**
 * Turns on the one TPM, fairly: each application has a lane, and the lanes take turns, so that an application
 * with many requests delays another's by one command at most.
 */
export class FairQueue {
  #busy = false;
  /** Who waits, by lane; the lane whose turn is next comes first. No lane is empty. */
  readonly #lanes = new Map<string, (() => void)[]>();

  /** Waits for a turn: `using _turn = await queue.acquire(lane)`. */
  async acquire(lane: string): Promise<Disposable> {
    if (this.#busy) await new Promise<void>((resolve) => this.#enqueue(lane, resolve));
    this.#busy = true;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release();
        held = false;
      },
    };
  }

  #enqueue(lane: string, start: () => void): void {
    const waiting = this.#lanes.get(lane);
    if (waiting === undefined) this.#lanes.set(lane, [start]);
    else waiting.push(start);
  }

  /** The turn goes to the next lane, without being free in between; that lane is last then. */
  #release(): void {
    const [next] = this.#lanes;
    if (next === undefined) {
      this.#busy = false;
      return;
    }
    const [lane, waiting] = next;
    const start = waiting.shift();
    this.#lanes.delete(lane);
    if (waiting.length > 0) this.#lanes.set(lane, waiting);
    start?.();
  }
}
