/**
 * PsaHashCompare (opcode 0x0010): Hashes a message and compares with a hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_hash_compare.proto`.
 */
import { psa_hash_compare } from "../../proto/generated/contracts.js";
import type { Hash } from "../psa/hash.ts";
import type { Codec } from "./codec.ts";
import { decodeHash } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly alg: Hash;
  readonly input: Uint8Array;
  readonly hash: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;

export const psaHashCompare: Codec<Operation, Result> = defineCodec(psa_hash_compare, {
  decodeOperation: (wire) => ({ alg: decodeHash(wire.alg), input: wire.input, hash: wire.hash }),
  encodeOperation: (operation) => ({
    alg: operation.alg,
    input: operation.input,
    hash: operation.hash,
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
