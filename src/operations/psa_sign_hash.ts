/**
 * PsaSignHash (opcode 0x0004): Signs a hash that the client computed.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_sign_hash.proto`.
 */
import { psa_sign_hash } from "../../proto/generated/contracts.js";
import type { AsymmetricSignature } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAsymmetricSignature, encodeAsymmetricSignature } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly hash: Uint8Array;
}

export interface Result {
  readonly signature: Uint8Array;
}

export const psaSignHash: Codec<Operation, Result> = defineCodec(psa_sign_hash, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAsymmetricSignature(wire.alg),
    hash: wire.hash,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAsymmetricSignature(operation.alg),
    hash: operation.hash,
  }),
  decodeResult: (wire) => ({ signature: wire.signature }),
  encodeResult: (result) => ({ signature: result.signature }),
});
