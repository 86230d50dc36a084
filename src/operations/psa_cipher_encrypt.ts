/**
 * PsaCipherEncrypt (opcode 0x0014): Encrypts with an unauthenticated cipher; the IV, where the mode has one, comes first.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_cipher_encrypt.proto`.
 */
import type { Cipher } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Cipher;
  readonly plaintext: Uint8Array;
}

export interface Result {
  readonly ciphertext: Uint8Array;
}
