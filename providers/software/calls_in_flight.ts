/** The calls of a provider that have not been answered yet: it closes when they have. */
export class CallsInFlight {
  readonly #going = new Set<Promise<unknown>>();

  /** A table of the same functions; what they promise counts as in flight until it has settled. */
  tracking<T extends object>(table: T): T {
    const entries = Object.entries(table).map(([name, call]) => [name, this.#tracked(call)]);
    // Each function keeps its name, its parameters and its result.
    return Object.fromEntries(entries) as T;
  }

  /** Resolves when no call is in flight. */
  async settled(): Promise<void> {
    while (this.#going.size > 0) await Promise.allSettled(this.#going);
  }

  #tracked(call: (...args: readonly unknown[]) => unknown): typeof call {
    return (...args) => {
      const result = call(...args);
      if (result instanceof Promise) this.#track(result);
      return result;
    };
  }

  #track(call: Promise<unknown>): void {
    const settled = call.then(nothing, nothing).finally(() => this.#going.delete(settled));
    this.#going.add(settled);
  }
}

/** The caller sees how its call ends. */
function nothing(): void {}
