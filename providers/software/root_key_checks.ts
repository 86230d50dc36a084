/**
 * What tells the root key of a store from any other: a constant sealed under it. That tells a wrong root key from
 * a damaged key. The store holds it twice, so that damage to one copy doesn't cost every key; and once under an old
 * root key, until that is destroyed.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { Database } from "../../src/storage/database.ts";
import type { Aead256 } from "./aead256.ts";

export const CHECK_COPIES = [1, 2] as const;

/** An old root key that is to be destroyed, or that is kept for the damaged keys that are under it; one of them. */
type Old = "replaced" | "kept";
const OLD_COPIES: { readonly [O in Old]: number } = { replaced: 3, kept: 4 };

const NOTHING = new Uint8Array();
const CHECK_DATA = new TextEncoder().encode("parsec software keys, root key check, 1");

export class RootKeyChecks {
  readonly #database: Database;
  readonly #aead: Aead256;
  readonly #insert;

  constructor(database: Database, aead: Aead256) {
    this.#database = database;
    this.#aead = aead;
    this.#insert = database.prepare(
      "INSERT OR REPLACE INTO root_key_check (copy, sealed) VALUES (?, ?)",
    );
  }

  /** How many copies of the check value the root key opens. */
  countFitting(root: Secret): number {
    return CHECK_COPIES.filter((copy) => this.#fits(copy, root)).length;
  }

  write(root: Secret): void {
    for (const copy of CHECK_COPIES) this.#seal(copy, root);
  }

  /** Remembers an old root key. */
  writeOld(root: Secret, old: Old): void {
    this.#seal(OLD_COPIES[old], root);
  }

  has(old: Old): boolean {
    return this.#read(OLD_COPIES[old]) !== undefined;
  }

  /** Whether a root key is the one that was replaced. */
  isReplaced(root: Secret): boolean {
    return this.#fits(OLD_COPIES.replaced, root);
  }

  /** The root key that was kept is to be destroyed. */
  replaceKept(): void {
    this.#database.prepare("UPDATE root_key_check SET copy = ? WHERE copy = ?")
      .run(OLD_COPIES.replaced, OLD_COPIES.kept);
  }

  forget(old: Old): void {
    this.#database.prepare("DELETE FROM root_key_check WHERE copy = ?").run(OLD_COPIES[old]);
  }

  #seal(copy: number, root: Secret): void {
    this.#insert.run(copy, this.#aead.seal(root, CHECK_DATA, NOTHING));
  }

  #fits(copy: number, root: Secret): boolean {
    const sealed = this.#read(copy);
    return sealed instanceof Uint8Array &&
      this.#aead.open(root, CHECK_DATA, sealed) !== undefined;
  }

  #read(copy: number) {
    const statement = "SELECT sealed AS sealed FROM root_key_check WHERE copy = ?";
    return this.#database.prepare(statement).get(copy)?.sealed;
  }
}
