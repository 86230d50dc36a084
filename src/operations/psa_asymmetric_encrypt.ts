/**
 * PsaAsymmetricEncrypt (opcode 0x000a): Encrypts with a public key or a key pair; `salt` is the OAEP label.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_asymmetric_encrypt.proto`.
 */
import type { AsymmetricEncryption } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricEncryption;
  readonly plaintext: Uint8Array;
  readonly salt: Uint8Array;
}

export interface Result {
  readonly ciphertext: Uint8Array;
}
