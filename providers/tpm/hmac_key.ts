/** HMAC keys as a TPM takes them. */
import { Secret } from "../../ffi/runtime/secret.ts";
import type { Hash } from "../../src/psa/hash.ts";
import { HASH_ROWS } from "./algorithms.ts";
import type { HostCrypto } from "./host_crypto.ts";

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
