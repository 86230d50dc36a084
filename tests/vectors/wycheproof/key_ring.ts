/** The keys of a group of vectors, each imported once and destroyed at the end. */
import type { Algorithm } from "../../../src/psa/algorithm.ts";
import { attributesOf } from "../../provider_suite/bench.ts";
import { type Caller, freshName } from "../../provider_suite/caller.ts";
import type { KeyCell } from "../../provider_suite/universe.ts";

export interface KeyWanted {
  readonly cell: KeyCell;
  readonly algorithm: Algorithm;
  readonly keyData: Uint8Array;
}

/** A key, or the status with which it was refused. */
export interface Key {
  readonly keyName: string | undefined;
  readonly status: number;
}

export class KeyRing implements AsyncDisposable {
  readonly caller: Caller;
  readonly #keys = new Map<string, Promise<Key>>();

  constructor(caller: Caller) {
    this.caller = caller;
  }

  get(wanted: KeyWanted): Promise<Key> {
    const id = JSON.stringify([wanted.cell, wanted.algorithm, wanted.keyData.toHex()]);
    const known = this.#keys.get(id) ?? this.#import(wanted);
    this.#keys.set(id, known);
    return known;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const key of this.#keys.values()) {
      const { keyName } = await key;
      if (keyName !== undefined) await this.caller.destroy(keyName);
    }
  }

  async #import({ cell, algorithm, keyData }: KeyWanted): Promise<Key> {
    const keyName = freshName();
    const operation = { keyName, attributes: attributesOf(cell, algorithm), data: keyData };
    const { status, result } = await this.caller.ask("PsaImportKey", operation);
    return { status, keyName: result === undefined ? undefined : keyName };
  }
}
