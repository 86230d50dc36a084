/**
 * PsaSignMessage (opcode 0x0018): Hashes a message and signs the hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_sign_message.proto`.
 */
import type { AsymmetricSignature } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly message: Uint8Array;
}

export interface Result {
  readonly signature: Uint8Array;
}
