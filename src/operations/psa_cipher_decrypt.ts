/**
 * PsaCipherDecrypt (opcode 0x0015): Decrypts with an unauthenticated cipher; the IV, where the mode has one, comes first.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_cipher_decrypt.proto`.
 */
import type { Cipher } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: Cipher;
  readonly ciphertext: Uint8Array;
}

export interface Result {
  readonly plaintext: Uint8Array;
}
