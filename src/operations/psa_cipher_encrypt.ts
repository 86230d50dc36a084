/**
 * PsaCipherEncrypt (opcode 0x0014): Encrypts with an unauthenticated cipher; the IV, where the
 * mode has one, comes first.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_cipher_encrypt.proto`.
 */
import { psa_cipher_encrypt } from "../../proto/generated/contracts.js";
import type { Cipher } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeCipherMode } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Cipher;
  readonly plaintext: Uint8Array;
}

export interface Result {
  readonly ciphertext: Uint8Array;
}

export const psaCipherEncrypt: Codec<Operation, Result> = defineCodec(psa_cipher_encrypt, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: { kind: "cipher", mode: decodeCipherMode(wire.alg) },
    plaintext: wire.plaintext,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: operation.alg.mode,
    plaintext: operation.plaintext,
  }),
  decodeResult: (wire) => ({ ciphertext: wire.ciphertext }),
  encodeResult: (result) => ({ ciphertext: result.ciphertext }),
});
