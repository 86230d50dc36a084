/**
 * PsaDeriveBytes (opcode 0x8000_0000): Derives bytes from a secret.
 *
 * Source: contract `proto/extensions/psa_derive_bytes.proto`.
 */
import { psa_derive_bytes } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { decodeDerivation, type Derivation, encodeDerivation } from "./convert/key_derivation.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly derivation: Derivation;
  /** bytes */
  readonly outputLength: number;
}

export interface Result {
  readonly output: Uint8Array;
}

export const psaDeriveBytes: Codec<Operation, Result> = defineCodec(psa_derive_bytes, {
  decodeOperation: (wire) => ({
    derivation: decodeDerivation(wire.derivation),
    outputLength: wire.output_length,
  }),
  encodeOperation: (operation) => ({
    derivation: encodeDerivation(operation.derivation),
    output_length: operation.outputLength,
  }),
  decodeResult: (wire) => ({ output: wire.output }),
  encodeResult: (result) => ({ output: result.output }),
});
