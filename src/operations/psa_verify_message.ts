/**
 * PsaVerifyMessage (opcode 0x0019): Hashes a message and verifies the signature of the hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_verify_message.proto`.
 */
import { psa_verify_message } from "../../proto/generated/contracts.js";
import type { AsymmetricSignature } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAsymmetricSignature, encodeAsymmetricSignature } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;

export const psaVerifyMessage: Codec<Operation, Result> = defineCodec(psa_verify_message, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAsymmetricSignature(wire.alg),
    message: wire.message,
    signature: wire.signature,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAsymmetricSignature(operation.alg),
    message: operation.message,
    signature: operation.signature,
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
