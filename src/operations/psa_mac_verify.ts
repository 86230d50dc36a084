/**
 * PsaMacVerify (opcode 0x0017): Verifies a message authentication code.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_mac_verify.proto`.
 */
import { psa_mac_verify } from "../../proto/generated/contracts.js";
import type { Mac } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeMac, encodeMac } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Mac;
  readonly input: Uint8Array;
  readonly mac: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;

export const psaMacVerify: Codec<Operation, Result> = defineCodec(psa_mac_verify, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeMac(wire.alg),
    input: wire.input,
    mac: wire.mac,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeMac(operation.alg),
    input: operation.input,
    mac: operation.mac,
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
