/**
 * PsaRawKeyAgreement (opcode 0x0013): Agrees on a shared secret with a peer's public key in the PSA export format.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_raw_key_agreement.proto`.
 */
import type { RawKeyAgreement } from "../psa/algorithm.ts";

export interface Operation {
  readonly alg: RawKeyAgreement;
  readonly privateKeyName: string;
  readonly peerKey: Uint8Array;
}

export interface Result {
  readonly sharedSecret: Uint8Array;
}
