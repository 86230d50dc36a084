/**
 * The premaster secret that a plain pre-shared key makes (RFC 4279, section 2; PSA Crypto API 1.0,
 * PSA_ALG_TLS12_PSK_TO_MS).
 */
import { Secret } from "../../ffi/runtime/secret.ts";
import { notSupported } from "./refusals.ts";

/**
 * Longest PSK, bytes; PSA's PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE. OpenSSL's own TLS takes no longer ones
 * (PSK_MAX_PSK_LEN of <openssl/ssl.h>).
 */
export const MAX_PSK_LENGTH = 512;

/** Bytes before each part: its length, big-endian. */
const LENGTH_FIELD = 2;

/**
 * The other secret, as many zeros as the PSK has bytes, and the PSK, each after its length.
 *
 * @throws {StatusError} PsaErrorNotSupported if the PSK is too long.
 */
export function premasterSecret(psk: Uint8Array): Secret {
  const { length } = psk;
  if (length > MAX_PSK_LENGTH) {
    throw notSupported(`Cannot use a PSK of ${length} bytes: wanted at most ${MAX_PSK_LENGTH}`);
  }
  const bytes = new Uint8Array(2 * (LENGTH_FIELD + length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length);
  view.setUint16(LENGTH_FIELD + length, length);
  bytes.set(psk, 2 * LENGTH_FIELD + length);
  return new Secret(bytes);
}
