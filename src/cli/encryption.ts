import type { AsymmetricEncryption } from "../psa/algorithm.ts";
import type { KeyListing } from "../operations/list_keys.ts";
import { CommandError } from "./exit_code.ts";
import { displayAlgorithm } from "./psa_display.ts";

/**
 * The algorithm that a key encrypts and decrypts with, by its policy.
 *
 * @throws {CommandError} If that is not an asymmetric one.
 */
export function encryptionAlgorithm({ attributes }: KeyListing): AsymmetricEncryption {
  const algorithm = attributes.policy.permittedAlgorithm;
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep":
      return algorithm;
    default:
      throw new CommandError(
        `Cannot encrypt or decrypt with this key: it is for ${
          displayAlgorithm(algorithm)
        }, an RSA encryption wanted`,
        { hint: "create one with `parsec create-rsa-key`" },
      );
  }
}
