/**
 * DeleteClient (opcode 0x001c): Destroys every key of an application; for administrators.
 *
 * Source: Parsec book, "Operations"; contract `proto/delete_client.proto`.
 */
import { delete_client } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly client: string;
}

export type Result = Readonly<Record<string, never>>;

export const deleteClient: Codec<Operation, Result> = defineCodec(delete_client, {
  decodeOperation: (wire) => ({ client: wire.client }),
  encodeOperation: (operation) => ({ client: operation.client }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
