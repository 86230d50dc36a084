/**
 * PsaAeadDecrypt (opcode 0x0012): Authenticates and decrypts a ciphertext that its tag follows.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_aead_decrypt.proto`.
 */
import { psa_aead_decrypt } from "../../proto/generated/contracts.js";
import type { Aead } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAead, encodeAead } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Aead;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export interface Result {
  readonly plaintext: Uint8Array;
}

export const psaAeadDecrypt: Codec<Operation, Result> = defineCodec(psa_aead_decrypt, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAead(wire.alg),
    nonce: wire.nonce,
    additionalData: wire.additional_data,
    ciphertext: wire.ciphertext,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAead(operation.alg),
    nonce: operation.nonce,
    additional_data: operation.additionalData,
    ciphertext: operation.ciphertext,
  }),
  decodeResult: (wire) => ({ plaintext: wire.plaintext }),
  encodeResult: (result) => ({ plaintext: result.plaintext }),
});
