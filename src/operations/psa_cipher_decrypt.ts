/**
 * PsaCipherDecrypt (opcode 0x0015): Decrypts with an unauthenticated cipher; the IV, where the
 * mode has one, comes first.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_cipher_decrypt.proto`.
 */
import { psa_cipher_decrypt } from "../../proto/generated/contracts.js";
import type { Cipher } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeCipherMode } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Cipher;
  readonly ciphertext: Uint8Array;
}

export interface Result {
  readonly plaintext: Uint8Array;
}

export const psaCipherDecrypt: Codec<Operation, Result> = defineCodec(psa_cipher_decrypt, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: { kind: "cipher", mode: decodeCipherMode(wire.alg) },
    ciphertext: wire.ciphertext,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: operation.alg.mode,
    ciphertext: operation.ciphertext,
  }),
  decodeResult: (wire) => ({ plaintext: wire.plaintext }),
  encodeResult: (result) => ({ plaintext: result.plaintext }),
});
