/**
 * PsaHashCompute (opcode 0x000f): Hashes a message.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_hash_compute.proto`.
 */
import { psa_hash_compute } from "../../proto/generated/contracts.js";
import type { Hash } from "../psa/hash.ts";
import type { Codec } from "./codec.ts";
import { decodeHash } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly alg: Hash;
  readonly input: Uint8Array;
}

export interface Result {
  readonly hash: Uint8Array;
}

export const psaHashCompute: Codec<Operation, Result> = defineCodec(psa_hash_compute, {
  decodeOperation: (wire) => ({ alg: decodeHash(wire.alg), input: wire.input }),
  encodeOperation: (operation) => ({ alg: operation.alg, input: operation.input }),
  decodeResult: (wire) => ({ hash: wire.hash }),
  encodeResult: (result) => ({ hash: result.hash }),
});
