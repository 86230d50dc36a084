/** Key material in memory, for tests of what works with it. */
import type { KeyMaterialStore } from "../../providers/software/key_material_store.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";

export class MemoryKeyMaterialStore implements KeyMaterialStore {
  readonly #material = new Map<string, Uint8Array>();
  /** Each array that `get` has given out, in order: a test can see whether it was zeroed. */
  readonly given: Uint8Array[] = [];

  get size(): number {
    return this.#material.size;
  }

  reserveKeyId(): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(16));
  }

  put(key: Key, material: Uint8Array): void {
    this.#material.set(key.id.toHex(), material.slice());
  }

  get(key: Key): Uint8Array {
    const material = this.#material.get(key.id.toHex());
    if (material === undefined) {
      throw new StatusError(ResponseStatus.PsaErrorDoesNotExist, "Cannot find the key");
    }
    const copy = material.slice();
    this.given.push(copy);
    return copy;
  }

  remove(key: Key): void {
    this.#material.delete(key.id.toHex());
  }

  [Symbol.dispose](): void {
    this.#material.clear();
  }
}
