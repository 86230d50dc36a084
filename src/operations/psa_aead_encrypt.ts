/**
 * PsaAeadEncrypt (opcode 0x0011): Encrypts and authenticates; the tag follows the ciphertext.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_aead_encrypt.proto`.
 */
import { psa_aead_encrypt } from "../../proto/generated/contracts.js";
import type { Aead } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAead, encodeAead } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Aead;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface Result {
  readonly ciphertext: Uint8Array;
}

export const psaAeadEncrypt: Codec<Operation, Result> = defineCodec(psa_aead_encrypt, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAead(wire.alg),
    nonce: wire.nonce,
    additionalData: wire.additional_data,
    plaintext: wire.plaintext,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAead(operation.alg),
    nonce: operation.nonce,
    additional_data: operation.additionalData,
    plaintext: operation.plaintext,
  }),
  decodeResult: (wire) => ({ ciphertext: wire.ciphertext }),
  encodeResult: (result) => ({ ciphertext: result.ciphertext }),
});
