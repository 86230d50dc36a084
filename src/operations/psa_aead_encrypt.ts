/**
 * PsaAeadEncrypt (opcode 0x0011): Encrypts and authenticates; the tag follows the ciphertext.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_aead_encrypt.proto`.
 */
import type { Aead } from "../psa/algorithm.ts";

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
