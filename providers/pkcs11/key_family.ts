/** What the key types of one family have in common: how their objects come to be and what is read of them. */
import type { Key, NewKey } from "../../src/provider.ts";
import type { TokenSession } from "./token.ts";

export interface KeyFamily {
  generate(session: TokenSession, key: NewKey): Promise<void>;
  /**
   * Checks data from outside, without the token.
   *
   * @throws {StatusError} PsaErrorInvalidArgument if it is not a key of this type and size.
   */
  accept(key: NewKey, data: Uint8Array): Promise<AcceptedKey>;
  /** In the PSA export format. @throws {StatusError} PsaErrorNotPermitted if the token won't tell. */
  exportKey(session: TokenSession, key: Key): Promise<Uint8Array>;
  /** Absent where keys have no public half. */
  exportPublicKey?(session: TokenSession, key: Key): Promise<Uint8Array>;
}

/** A key that can be put on the token; disposing of it wipes what it holds. */
export interface AcceptedKey extends Disposable {
  readonly bits: number;
  create(session: TokenSession): Promise<void>;
}
