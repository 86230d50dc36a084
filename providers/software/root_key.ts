/**
 * The root key of the software provider: 32 random bytes under which its keys are stored. Where it is kept is
 * a seam; here it is a file that only its owner can read.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";

export const ROOT_KEY_LENGTH = 32;

/** Keeps the root key between two runs. */
export interface RootKeySealer {
  /** Where the root key is, in messages: a path, a handle of a TPM. */
  readonly place: string;
  /**
   * @returns `undefined` if there is no root key yet.
   * @throws {StorageError} If there is one that can't be used.
   */
  load(): MaybePromise<Secret | undefined>;
  /**
   * Durable when it returns; only called when there is no root key.
   * @throws {StorageError}
   */
  store(root: Secret): MaybePromise<void>;
}
