/**
 * PsaSignMessage (opcode 0x0018): Hashes a message and signs the hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_sign_message.proto`.
 */
import { psa_sign_message } from "../../proto/generated/contracts.js";
import type { AsymmetricSignature } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAsymmetricSignature, encodeAsymmetricSignature } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly message: Uint8Array;
}

export interface Result {
  readonly signature: Uint8Array;
}

export const psaSignMessage: Codec<Operation, Result> = defineCodec(psa_sign_message, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAsymmetricSignature(wire.alg),
    message: wire.message,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAsymmetricSignature(operation.alg),
    message: operation.message,
  }),
  decodeResult: (wire) => ({ signature: wire.signature }),
  encodeResult: (result) => ({ signature: result.signature }),
});
