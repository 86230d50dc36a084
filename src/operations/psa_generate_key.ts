/**
 * PsaGenerateKey (opcode 0x0002): Generates a key.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_generate_key.proto`.
 */
import { psa_generate_key } from "../../proto/generated/contracts.js";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import type { Codec } from "./codec.ts";
import { keyAttributesFromWire, keyAttributesToWire } from "./convert/key_attributes.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly attributes: KeyAttributes;
}

export type Result = Readonly<Record<string, never>>;

export const psaGenerateKey: Codec<Operation, Result> = defineCodec(psa_generate_key, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    attributes: keyAttributesFromWire(wire.attributes),
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    attributes: keyAttributesToWire(operation.attributes),
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
