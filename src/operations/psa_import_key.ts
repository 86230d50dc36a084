/**
 * PsaImportKey (opcode 0x0006): Imports key material in the PSA export format.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_import_key.proto`.
 */
import { psa_import_key } from "../../proto/generated/contracts.js";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import type { Codec } from "./codec.ts";
import { keyAttributesFromWire, keyAttributesToWire } from "./convert/key_attributes.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly attributes: KeyAttributes;
  readonly data: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;

export const psaImportKey: Codec<Operation, Result> = defineCodec(psa_import_key, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    attributes: keyAttributesFromWire(wire.attributes),
    data: wire.data,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    attributes: keyAttributesToWire(operation.attributes),
    data: operation.data,
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
