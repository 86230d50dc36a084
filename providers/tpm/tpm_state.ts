/**
 * The provider's durable memory of its TPM: the names of the root keys, by which a cleared or replaced TPM is
 * noticed, and the sealed key of the auth values.
 */
import { join } from "node:path";
import type { WrappedObject } from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import type { Database } from "../../src/storage/database.ts";
import { openDatabase } from "../../src/storage/open_database.ts";
import type { RootKeyMemory } from "./open_tpm.ts";
import { isRootKeyKind, type RootKeyKind } from "./root_key.ts";
import { TPM_STATE_SCHEMA } from "./tpm_state_schema.ts";

export interface KnownRootKey {
  /** The TPM's name of it. */
  readonly name: Uint8Array;
  readonly created: Date;
}

/** A sealed object and the root key that it is sealed under. */
export interface SealedAuthKey extends WrappedObject {
  readonly root: RootKeyKind;
}

export interface TpmStateOptions {
  /** Absolute; the file is `tpm-state.sqlite3` in it. */
  readonly folder: string;
  readonly log: Logger;
}

/** Every change is on the disk when it returns. */
export class TpmState implements RootKeyMemory, Disposable {
  readonly path: string;
  readonly #database: Database;

  /** @throws {StorageError} If it can't be used. */
  constructor({ folder, log }: TpmStateOptions) {
    this.path = join(folder, "tpm-state.sqlite3");
    this.#database = openDatabase({ path: this.path, schema: TPM_STATE_SCHEMA, log });
  }

  rootKey(kind: RootKeyKind): KnownRootKey | undefined {
    const row = this.#database.prepare("SELECT name, created FROM root_key WHERE kind = ?").get(
      kind,
    );
    if (row === undefined) return undefined;
    return { name: bytesOf(row.name), created: new Date(Number(row.created)) };
  }

  rememberRootKey(kind: RootKeyKind, { name, created }: KnownRootKey): void {
    this.#database.prepare("INSERT INTO root_key (kind, name, created) VALUES (?, ?, ?)")
      .run(kind, name, created.getTime());
  }

  authKey(): SealedAuthKey | undefined {
    const row = this.#database.prepare("SELECT root_kind, public_area, wrapped FROM auth_key")
      .get();
    if (row === undefined) return undefined;
    const { root_kind: root } = row;
    if (!isRootKeyKind(root)) throw new TypeError(`Cannot read a root key kind: ${root}`);
    return { root, publicArea: bytesOf(row.public_area), wrapped: bytesOf(row.wrapped) };
  }

  rememberAuthKey({ root, publicArea, wrapped }: SealedAuthKey): void {
    this.#database.prepare(
      "INSERT INTO auth_key (id, root_kind, public_area, wrapped) VALUES (1, ?, ?, ?)",
    ).run(root, publicArea, wrapped);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  throw new TypeError(`Cannot read a column: ${typeof value}, bytes`);
}
