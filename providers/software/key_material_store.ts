/** Where the software provider keeps the material of its keys; how it is protected is the store's matter. */
import type { Key } from "../../src/provider.ts";

export interface KeyMaterialStore extends Disposable {
  /** A fresh id of 16 random bytes; makes nothing. */
  reserveKeyId(): Uint8Array;
  /**
   * Durable when it returns.
   * @throws {StatusError} PsaErrorInsufficientStorage if the disk is full, PsaErrorStorageFailure if it fails.
   */
  put(key: Key, material: Uint8Array): void;
  /**
   * The plain material; the caller zeroes it.
   * @throws {StatusError} PsaErrorDoesNotExist; PsaErrorDataCorrupt if the stored key was changed or isn't
   * this key; PsaErrorStorageFailure.
   */
  get(key: Key): Uint8Array;
  /**
   * Durable when it returns; a key that isn't there is no error.
   * @throws {StatusError} As {@linkcode put}.
   */
  remove(key: Key): void;
}
