/** The hashes of messages that are to be signed. They are no secret, so they are made here, where it is quick. */
import { Digest, type Libcrypto } from "../../ffi/libcrypto/mod.ts";
import { type Hash, hashName } from "../../src/psa/hash.ts";
import { hashRow } from "./hashes.ts";
import { notSupported } from "./refusals.ts";

export class MessageHashes {
  readonly #library: Libcrypto;

  constructor(library: Libcrypto) {
    this.#library = library;
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  compute(hash: Hash, message: Uint8Array): Uint8Array<ArrayBuffer> {
    const row = hashRow(hash);
    using digest = row === undefined ? undefined : Digest.fetch(this.#library, row.name);
    if (digest !== undefined) return digest.compute(message);
    throw notSupported(`Cannot use ${hashName(hash)}: not in libcrypto`);
  }
}
