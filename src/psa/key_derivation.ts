/**
 * What goes into a key derivation besides its secret, and how much comes out (PSA Crypto API 1.0, "Key
 * derivation"; RFC 5869, RFC 5246, RFC 4279).
 */
import type { KeyDerivation } from "./algorithm.ts";
import { type Hash, hashLength } from "./hash.ts";

export type DerivationInputs =
  | {
    readonly kind: "hkdf";
    readonly hash: Hash;
    readonly salt: Uint8Array;
    readonly info: Uint8Array;
  }
  | {
    readonly kind: "tls12_prf" | "tls12_psk_to_ms";
    readonly hash: Hash;
    readonly label: Uint8Array;
    readonly seed: Uint8Array;
  };

/** Longest info, and longest label and seed together, bytes: older libraries take no more. */
export const DERIVATION_INPUT_LIMIT = 1024;

/** Longest salt, bytes: it is hashed while others wait, and no longer one is of use. */
export const SALT_LIMIT = 65_536;

/** Hashes that one derivation gives: RFC 5869, section 2.3; the same bound holds here for the PRF. */
const MOST_HASHES = 255;

/** Most bytes that one derivation gives. */
export function derivationCapacity(hash: Hash): number {
  return MOST_HASHES * hashLength(hash);
}

/** The algorithm that a policy must permit. */
export function derivationAlgorithm({ kind, hash }: DerivationInputs): KeyDerivation {
  return { kind, hash };
}
