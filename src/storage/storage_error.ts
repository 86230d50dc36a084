/** Why a durable store can't be opened, said so that the reader knows what to do next. */

export type StorageProblem =
  /** Another process holds it. */
  | "in_use"
  /** The file or its folder can't be read or written by this user. */
  | "not_accessible"
  | "disk_full"
  /** The disk or the file system answers with errors. */
  | "io"
  | "not_a_database"
  /** A database, of another program or for another purpose. */
  | "foreign"
  /** A store of the upstream service. */
  | "upstream"
  /** Made by a version whose stores this one can't read. */
  | "too_new"
  | "damaged"
  /** The root key that protects a key store is absent, not the right one, or open to others. */
  | "root_key";

export interface Refusal {
  readonly problem: StorageProblem;
  readonly found: string;
  readonly wanted: string;
  readonly nextStep: string;
}

/** Thrown while a store is being opened; the message stands alone. */
export class StorageError extends Error {
  readonly path: string;
  readonly problem: StorageProblem;

  /** @param store What it is to its user: "key info store". */
  constructor(store: string, path: string, refusal: Refusal, options?: ErrorOptions) {
    super(
      `Cannot open the ${store}: ${refusal.found}, ${refusal.wanted}; ${refusal.nextStep}`,
      options,
    );
    this.name = "StorageError";
    this.path = path;
    this.problem = refusal.problem;
  }
}
