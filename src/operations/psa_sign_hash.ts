/**
 * PsaSignHash (opcode 0x0004): Signs a hash that the client computed.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_sign_hash.proto`.
 */
import type { AsymmetricSignature } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly hash: Uint8Array;
}

export interface Result {
  readonly signature: Uint8Array;
}
