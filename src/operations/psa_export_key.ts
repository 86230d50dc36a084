/**
 * PsaExportKey (opcode 0x000c): Exports a key in the PSA export format.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_export_key.proto`.
 */
import { psa_export_key } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
}

export interface Result {
  readonly data: Uint8Array;
}

export const psaExportKey: Codec<Operation, Result> = defineCodec(psa_export_key, {
  decodeOperation: (wire) => ({ keyName: wire.key_name }),
  encodeOperation: (operation) => ({ key_name: operation.keyName }),
  decodeResult: (wire) => ({ data: wire.data }),
  encodeResult: (result) => ({ data: result.data }),
});
