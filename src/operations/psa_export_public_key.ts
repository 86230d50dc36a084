/**
 * PsaExportPublicKey (opcode 0x0007): Exports the public part of a key pair, or a public key.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_export_public_key.proto`.
 */
import { psa_export_public_key } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
}

export interface Result {
  readonly data: Uint8Array;
}

export const psaExportPublicKey: Codec<Operation, Result> = defineCodec(psa_export_public_key, {
  decodeOperation: (wire) => ({ keyName: wire.key_name }),
  encodeOperation: (operation) => ({ key_name: operation.keyName }),
  decodeResult: (wire) => ({ data: wire.data }),
  encodeResult: (result) => ({ data: result.data }),
});
