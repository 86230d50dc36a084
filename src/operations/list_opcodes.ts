/**
 * ListOpcodes (opcode 0x0009): Lists the operations a provider serves.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_opcodes.proto`.
 */
import { list_opcodes } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec, limited } from "./define_codec.ts";

export interface Operation {
  readonly providerId: number;
}

export interface Result {
  readonly opcodes: readonly number[];
}

export const listOpcodes: Codec<Operation, Result> = defineCodec(list_opcodes, {
  decodeOperation: (wire) => ({ providerId: wire.provider_id }),
  encodeOperation: (operation) => ({ provider_id: operation.providerId }),
  decodeResult: (wire) => ({ opcodes: limited(wire.opcodes) }),
  encodeResult: (result) => ({ opcodes: result.opcodes }),
});
