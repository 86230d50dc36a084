/**
 * PsaGenerateRandom (opcode 0x000d): Generates random bytes; `size` in bytes.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_generate_random.proto`.
 */
import { psa_generate_random } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly size: number;
}

export interface Result {
  readonly randomBytes: Uint8Array;
}

export const psaGenerateRandom: Codec<Operation, Result> = defineCodec(psa_generate_random, {
  decodeOperation: (wire) => ({ size: wire.size }),
  encodeOperation: (operation) => ({ size: operation.size }),
  decodeResult: (wire) => ({ randomBytes: wire.random_bytes }),
  encodeResult: (result) => ({ random_bytes: result.randomBytes }),
});
