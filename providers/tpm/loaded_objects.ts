/**
 * What we have in the TPM's memory, which holds few objects at once (often three). The least recently used one
 * makes place for another; root keys only when nothing else is left, for they take long to make.
 */
import type { EsysObject } from "../../ffi/tss2/mod.ts";

export type ObjectKind = "root" | "key" | "sequence";

interface Entry {
  readonly object: EsysObject;
  readonly kind: ObjectKind;
}

export class LoadedObjects {
  /** By name; the most recently used one last. */
  readonly #entries = new Map<string, Entry>();
  /** In use in the turn at hand. */
  readonly #pinned = new Set<string>();
  readonly #flush: (object: EsysObject) => Promise<void>;
  readonly #capacity: number;

  /**
   * @param capacity How many objects fit.
   * @param flush Removes one from the TPM.
   */
  constructor(capacity: number, flush: (object: EsysObject) => Promise<void>) {
    this.#capacity = capacity;
    this.#flush = flush;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The loaded ones, whatever they are. */
  all(): readonly EsysObject[] {
    return [...this.#entries.values()].map(({ object }) => object);
  }

  /** Stays loaded until {@linkcode unpinAll}. */
  get(name: string): EsysObject | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    this.#pinned.add(name);
    return entry.object;
  }

  add(name: string, object: EsysObject, kind: ObjectKind): void {
    this.#entries.set(name, { object, kind });
    this.#pinned.add(name);
  }

  /** Forgets one that is no longer in the TPM. */
  drop(name: string): void {
    this.#entries.delete(name);
    this.#pinned.delete(name);
  }

  /** Flushes until another object fits, or nothing can be flushed. */
  async makeRoom(): Promise<void> {
    while (this.#entries.size >= this.#capacity && await this.evict());
  }

  /** @returns Whether there was something to flush. */
  async evict(): Promise<boolean> {
    const victim = this.#victim();
    if (victim === undefined) return false;
    await this.remove(victim);
    return true;
  }

  async remove(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.drop(name);
    await this.#flush(entry.object);
  }

  /** May be evicted again. */
  unpin(name: string): void {
    this.#pinned.delete(name);
  }

  /** Called between turns: anything may be evicted again, but a sequence that goes on. */
  unpinAll(): void {
    this.#pinned.clear();
  }

  #victim(): string | undefined {
    const free = [...this.#entries].filter(([name, { kind }]) =>
      kind !== "sequence" && !this.#pinned.has(name)
    );
    const [name] = free.find(([, { kind }]) => kind === "key") ?? free[0] ?? [];
    return name;
  }
}
