/**
 * The root key of the software provider: 32 random bytes under which its keys are stored. Where it is kept is
 * a seam: a file that only its owner can read, a credential of systemd, a file that a TPM has sealed.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { MaybePromise } from "../../src/maybe_promise.ts";

export const ROOT_KEY_LENGTH = 32;

/** Keeps the root key between two runs. */
export interface RootKeySealer {
  /** Where the root key is, in messages: a path. */
  readonly place: string;
  /** How keys are protected this way, for the log of each start; constant, as every message there. */
  readonly protection: { readonly level: "info" | "warn"; readonly message: string };
  /**
   * @returns `undefined` if there is no root key yet.
   * @throws {StorageError} If there is one that can't be used; or the error of a device, whose message stands alone.
   */
  load(): MaybePromise<Secret | undefined>;
  /**
   * Durable when it returns; only called when there is no root key. Absent where somebody else makes the root key:
   * `load` refuses then where there is none.
   *
   * @throws {StorageError} Or the error of a device.
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
