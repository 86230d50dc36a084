/** Where the software provider keeps the material of its keys; how it is protected is the store's matter. */
import type { Key } from "../../src/provider.ts";

export interface KeyMaterialStore extends Disposable {
  /** A fresh id of 16 random bytes; makes nothing. */
  reserveKeyId(): Uint8Array;
  /**
   * Durable when it returns.
   * @param key With its final attributes: the material is for these alone.
   * @throws {StatusError} PsaErrorInsufficientStorage if the disk is full, PsaErrorStorageFailure if it fails.
   */
  put(key: Key, material: Uint8Array): void;
  /**
   * The plain material; the caller zeroes it.
   * @throws {StatusError} PsaErrorDoesNotExist; PsaErrorDataCorrupt if the stored key was changed, isn't
   * this key or has other attributes; PsaErrorStorageFailure.
   */
  get(key: Key): Uint8Array;
  /**
   * Durable when it returns; a key that isn't there is no error.
   * @throws {StatusError} As {@linkcode put}.
   */
  remove(key: Key): void;
}
