/**
 * PsaAsymmetricEncrypt (opcode 0x000a): Encrypts with a public key or a key pair; `salt` is the
 * OAEP label.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_asymmetric_encrypt.proto`.
 */
import { psa_asymmetric_encrypt } from "../../proto/generated/contracts.js";
import type { AsymmetricEncryption } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAsymmetricEncryption, encodeAsymmetricEncryption } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricEncryption;
  readonly plaintext: Uint8Array;
  readonly salt: Uint8Array;
}

export interface Result {
  readonly ciphertext: Uint8Array;
}

export const psaAsymmetricEncrypt: Codec<Operation, Result> = defineCodec(psa_asymmetric_encrypt, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAsymmetricEncryption(wire.alg),
    plaintext: wire.plaintext,
    salt: wire.salt,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAsymmetricEncryption(operation.alg),
    plaintext: operation.plaintext,
    salt: operation.salt,
  }),
  decodeResult: (wire) => ({ ciphertext: wire.ciphertext }),
  encodeResult: (result) => ({ ciphertext: result.ciphertext }),
});
