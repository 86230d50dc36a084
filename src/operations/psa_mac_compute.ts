/**
 * PsaMacCompute (opcode 0x0016): Computes a message authentication code.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_mac_compute.proto`.
 */
import { psa_mac_compute } from "../../proto/generated/contracts.js";
import type { Mac } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeMac, encodeMac } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Mac;
  readonly input: Uint8Array;
}

export interface Result {
  readonly mac: Uint8Array;
}

export const psaMacCompute: Codec<Operation, Result> = defineCodec(psa_mac_compute, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeMac(wire.alg),
    input: wire.input,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeMac(operation.alg),
    input: operation.input,
  }),
  decodeResult: (wire) => ({ mac: wire.mac }),
  encodeResult: (result) => ({ mac: result.mac }),
});
