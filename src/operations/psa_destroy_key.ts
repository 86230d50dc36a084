/**
 * PsaDestroyKey (opcode 0x0003): Destroys a key.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_destroy_key.proto`.
 */
import { psa_destroy_key } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
}

export type Result = Readonly<Record<string, never>>;

export const psaDestroyKey: Codec<Operation, Result> = defineCodec(psa_destroy_key, {
  decodeOperation: (wire) => ({ keyName: wire.key_name }),
  encodeOperation: (operation) => ({ key_name: operation.keyName }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
