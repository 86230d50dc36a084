/**
 * Signatures by a key's own policy: the message is hashed here, only the hash travels.
 */
import { createHash } from "node:crypto";
import type { KeyListing } from "../operations/list_keys.ts";
import { Hash, hashName, type HashOrAny } from "../psa/hash.ts";
import { CommandError } from "./exit_code.ts";
import { displayAlgorithm } from "./psa_display.ts";
import type { Session } from "./session.ts";

/** A signature algorithm that hashes first, with its hash decided. */
export interface HashAndSign {
  readonly kind: "rsa_pkcs1v15_sign" | "rsa_pss" | "ecdsa" | "deterministic_ecdsa";
  readonly hash: Hash;
}

/** As `node:crypto` calls them. */
const DIGESTS: ReadonlyMap<Hash, string> = new Map<Hash, string>([
  [Hash.Md5, "md5"],
  [Hash.Ripemd160, "ripemd160"],
  [Hash.Sha1, "sha1"],
  [Hash.Sha224, "sha224"],
  [Hash.Sha256, "sha256"],
  [Hash.Sha384, "sha384"],
  [Hash.Sha512, "sha512"],
  [Hash.Sha512_224, "sha512-224"],
  [Hash.Sha512_256, "sha512-256"],
  [Hash.Sha3_224, "sha3-224"],
  [Hash.Sha3_256, "sha3-256"],
  [Hash.Sha3_384, "sha3-384"],
  [Hash.Sha3_512, "sha3-512"],
]);

/**
 * What the key signs with. Where its policy leaves the hash open, SHA-256, or the hash as strong as the curve.
 *
 * @throws {CommandError} If it is no signing key, or signs what is no hash.
 */
export function hashAndSign({ attributes }: KeyListing): HashAndSign {
  const algorithm = attributes.policy.permittedAlgorithm;
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
    case "rsa_pss":
    case "ecdsa":
    case "deterministic_ecdsa":
      return { kind: algorithm.kind, hash: decideHash(algorithm.hash, attributes) };
    case "rsa_pkcs1v15_sign_raw":
    case "ecdsa_any":
      throw new CommandError(
        `Cannot sign a message with this key: ${
          displayAlgorithm(algorithm)
        } takes any bytes as they are`,
        { hint: "use a key whose policy names a hash" },
      );
    default:
      throw new CommandError(
        `Cannot sign with this key: it is for ${displayAlgorithm(algorithm)}, a signature wanted`,
        { hint: "create one with `parsec create-rsa-key -s` or `parsec create-ecc-key`" },
      );
  }
}

/** @returns The signature in the PSA format: raw `r || s` for ECDSA. */
export async function signMessage(
  session: Session,
  key: KeyListing,
  alg: HashAndSign,
  message: Uint8Array,
): Promise<Uint8Array> {
  const operation = { keyName: key.name, alg, hash: digest(alg.hash, message) };
  const { signature } = await (await session.client()).psaSignHash(key.providerId, operation);
  return signature;
}

export function isEcdsa({ kind }: HashAndSign): boolean {
  return kind === "ecdsa" || kind === "deterministic_ecdsa";
}

function decideHash(hash: HashOrAny, { type, bits }: KeyListing["attributes"]): Hash {
  if (hash !== "any") return hash;
  if (type.kind.startsWith("rsa") || bits <= 256) return Hash.Sha256;
  return bits <= 384 ? Hash.Sha384 : Hash.Sha512;
}

function digest(hash: Hash, message: Uint8Array): Uint8Array {
  const name = DIGESTS.get(hash);
  if (name === undefined) {
    throw new CommandError(
      `Cannot hash with ${hashName(hash)}: this program has no such algorithm`,
    );
  }
  return new Uint8Array(createHash(name).update(message).digest());
}
