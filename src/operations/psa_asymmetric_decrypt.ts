/**
 * PsaAsymmetricDecrypt (opcode 0x000b): Decrypts with a key pair; `salt` is the OAEP label.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_asymmetric_decrypt.proto`.
 */
import type { AsymmetricEncryption } from "../psa/algorithm.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricEncryption;
  readonly ciphertext: Uint8Array;
  readonly salt: Uint8Array;
}

export interface Result {
  readonly plaintext: Uint8Array;
}
