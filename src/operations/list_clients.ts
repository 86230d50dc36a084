/**
 * ListClients (opcode 0x001b): Lists the applications that own keys; for administrators.
 *
 * Source: Parsec book, "Operations"; contract `proto/list_clients.proto`.
 */
import { list_clients } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec, limited } from "./define_codec.ts";

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly clients: readonly string[];
}

export const listClients: Codec<Operation, Result> = defineCodec(list_clients, {
  decodeOperation: () => ({}),
  encodeOperation: () => ({}),
  decodeResult: (wire) => ({ clients: limited(wire.clients) }),
  encodeResult: (result) => ({ clients: result.clients }),
});
