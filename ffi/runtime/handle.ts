/**
 * Native objects that somebody must free. The test runner's leak checks do not see them, so the living ones
 * are counted here by kind, and each test suite ends at zero.
 */
const live = new Map<string, number>();

function count(kind: string, change: 1 | -1): void {
  const left = (live.get(kind) ?? 0) + change;
  if (left === 0) live.delete(kind);
  else live.set(kind, left);
}

/** How many handles of each kind are alive now; kinds without any are left out. */
export function liveHandles(): ReadonlyMap<string, number> {
  return new Map(live);
}

/**
 * Counts an object that C knows by a number instead of a pointer.
 *
 * @returns Ends the count; to be called once, when the object is gone.
 */
export function countHandle(kind: string): () => void {
  count(kind, 1);
  return () => count(kind, -1);
}

/**
 * A native pointer with one owner.
 *
 * Disposing frees it, once; any use afterwards is a `TypeError`, never a stale pointer in native code.
 */
export class Handle implements Disposable {
  readonly #kind: string;
  readonly #free: (pointer: Deno.PointerObject) => void;
  #pointer: Deno.PointerObject | undefined;

  /** @param kind The C type, as it is called in error messages and counts: `EVP_PKEY`. */
  constructor(
    kind: string,
    pointer: Deno.PointerObject,
    free: (pointer: Deno.PointerObject) => void,
  ) {
    this.#kind = kind;
    this.#pointer = pointer;
    this.#free = free;
    count(kind, 1);
  }

  /** @throws {TypeError} If it has been released. */
  get pointer(): Deno.PointerObject {
    if (this.#pointer === undefined) {
      throw new TypeError(`Cannot use ${this.#kind}: it has been released`);
    }
    return this.#pointer;
  }

  [Symbol.dispose](): void {
    if (this.#pointer === undefined) return;
    const pointer = this.#pointer;
    this.#pointer = undefined;
    count(this.#kind, -1);
    this.#free(pointer);
  }
}
