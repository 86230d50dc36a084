/**
 * The root key of the software provider: 32 random bytes under which its keys are stored. Where it is kept is
 * a seam: a file that only its owner can read, a credential of systemd.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";

export const ROOT_KEY_LENGTH = 32;

/** Keeps the root key between two runs. */
export interface RootKeySealer {
  /** Where the root key is, in messages: a path, a handle of a TPM. */
  readonly place: string;
  /** What an operator should know of keys that are protected this way; constant, as every message of the log. */
  readonly warning?: string;
  /**
   * @returns `undefined` if there is no root key yet.
   * @throws {StorageError} If there is one that can't be used.
   */
  load(): MaybePromise<Secret | undefined>;
  /**
   * Durable when it returns; only called when there is no root key. Absent where somebody else makes the root key:
   * `load` refuses then where there is none.
   *
   * @throws {StorageError}
   */
  store?(root: Secret): MaybePromise<void>;
  /**
   * Destroys the root key, once no key is stored under it any more. That there is none is no error. Absent where
   * somebody else keeps it.
   *
   * @throws {StorageError}
   */
  destroy?(): MaybePromise<void>;
}
