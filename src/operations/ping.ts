/**
 * Ping (opcode 0x0001): Asks whether the service answers, and which wire protocol version it
 * speaks.
 *
 * Source: Parsec book, "Operations"; contract `proto/ping.proto`.
 */
import { ping as contract } from "../../proto/generated/contracts.js";
import type { Codec } from "./codec.ts";
import { defineCodec } from "./define_codec.ts";

export type Operation = Readonly<Record<string, never>>;

export interface Result {
  readonly wireProtocolVersionMaj: number;
  readonly wireProtocolVersionMin: number;
}

export const ping: Codec<Operation, Result> = defineCodec(contract, {
  decodeOperation: () => ({}),
  encodeOperation: () => ({}),
  decodeResult: (wire) => ({
    wireProtocolVersionMaj: wire.wire_protocol_version_maj,
    wireProtocolVersionMin: wire.wire_protocol_version_min,
  }),
  encodeResult: (result) => ({
    wire_protocol_version_maj: result.wireProtocolVersionMaj,
    wire_protocol_version_min: result.wireProtocolVersionMin,
  }),
});
