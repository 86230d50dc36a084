/**
 * PsaVerifyMessage (opcode 0x0019): Hashes a message and verifies the signature of the hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_verify_message.proto`.
 */
import type { AsymmetricSignature } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;
