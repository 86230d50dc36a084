/**
 * PsaAeadDecrypt (opcode 0x0012): Authenticates and decrypts a ciphertext that its tag follows.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_aead_decrypt.proto`.
 */
import type { Aead } from "../psa/algorithm.ts";

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
