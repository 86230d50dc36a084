/**
 * PsaHashCompare (opcode 0x0010): Hashes a message and compares with a hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_hash_compare.proto`.
 */
import type { Hash } from "../psa/hash.ts";

export interface Operation {
  readonly alg: Hash;
  readonly input: Uint8Array;
  readonly hash: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;
