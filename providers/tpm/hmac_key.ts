/** HMAC keys as a TPM takes them. */
import { Secret } from "../../ffi/runtime/secret.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { HASH_ROWS } from "./algorithms.ts";
import type { HostCrypto } from "./host_crypto.ts";
import type { TpmRegistry } from "./registry.ts";

/**
 * The hash that an HMAC key is bound to. A TPM wants one, so a key whose policy names none that it has, and which is of
 * no use then, gets SHA-256.
 */
export function hmacHash(
  { policy: { permittedAlgorithm } }: KeyAttributes,
  registry: TpmRegistry,
): Hash {
  const isServed = permittedAlgorithm.kind === "hmac" && registry.hasHash(permittedAlgorithm.hash);
  return isServed ? permittedAlgorithm.hash : Hash.Sha256;
}

/**
 * The key itself; or its hash, which HMAC takes in its place, where it is longer than a block of the hash (RFC
 * 2104, section 2): a TPM takes no longer one.
 */
export function hmacKeyFor(host: HostCrypto, hash: Hash, key: Uint8Array): Secret {
  const block = HASH_ROWS.find((row) => row.hash === hash)?.blockLength ?? 0;
  return new Secret(
    key.length <= block ? new Uint8Array(key) : host.digest(hash).compute(key),
  );
}
