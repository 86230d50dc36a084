/**
 * PsaVerifyHash (opcode 0x0005): Verifies the signature of a hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_verify_hash.proto`.
 */
import type { AsymmetricSignature } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly hash: Uint8Array;
  readonly signature: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;
