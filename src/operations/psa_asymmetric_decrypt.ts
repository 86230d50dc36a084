/**
 * PsaAsymmetricDecrypt (opcode 0x000b): Decrypts with a key pair; `salt` is the OAEP label.
 *
 * Source: Parsec book, "Operations"; contract `proto/psa_asymmetric_decrypt.proto`.
 */
import { psa_asymmetric_decrypt } from "../../proto/generated/contracts.js";
import type { AsymmetricEncryption } from "../psa/algorithm.ts";
import type { Codec } from "./codec.ts";
import { decodeAsymmetricEncryption, encodeAsymmetricEncryption } from "./convert/algorithm.ts";
import { defineCodec } from "./define_codec.ts";

export interface Operation {
  readonly keyName: string;
  readonly alg: AsymmetricEncryption;
  readonly ciphertext: Uint8Array;
  readonly salt: Uint8Array;
}

export interface Result {
  readonly plaintext: Uint8Array;
}

export const psaAsymmetricDecrypt: Codec<Operation, Result> = defineCodec(psa_asymmetric_decrypt, {
  decodeOperation: (wire) => ({
    keyName: wire.key_name,
    alg: decodeAsymmetricEncryption(wire.alg),
    ciphertext: wire.ciphertext,
    salt: wire.salt,
  }),
  encodeOperation: (operation) => ({
    key_name: operation.keyName,
    alg: encodeAsymmetricEncryption(operation.alg),
    ciphertext: operation.ciphertext,
    salt: operation.salt,
  }),
  decodeResult: (wire) => ({ plaintext: wire.plaintext }),
  encodeResult: (result) => ({ plaintext: result.plaintext }),
});
