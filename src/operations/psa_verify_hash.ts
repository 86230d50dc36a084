/**
 * PsaVerifyHash (opcode 0x0005): Verifies the signature of a hash.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_verify_hash.proto`.
 */
import { psa_verify_hash } from "../../proto/generated/contracts.js";
import type { AsymmetricSignature } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAsymmetricSignature, encodeAsymmetricSignature } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricSignature;
  readonly hash: Uint8Array;
  readonly signature: Uint8Array;
}

export type Result = Readonly<Record<string, never>>;

export const psaVerifyHash: Codec<Operation, Result> = defineCodec(psa_verify_hash, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAsymmetricSignature(wire.alg),
    hash: wire.hash,
    signature: wire.signature,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAsymmetricSignature(operation.alg),
    hash: operation.hash,
    signature: operation.signature,
  }),
  decodeResult: () => ({}),
  encodeResult: () => ({}),
});
