/**
 * PsaHashCompute (opcode 0x000f): Hashes a message.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_hash_compute.proto`.
 */
import type { Hash } from "../psa/hash.ts";

export interface Operation {
  readonly alg: Hash;
  readonly input: Uint8Array;
}

export interface Result {
  readonly hash: Uint8Array;
}
