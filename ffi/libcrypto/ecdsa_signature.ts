/** ECDSA signatures: libcrypto speaks DER (RFC 3279, section 2.2.3), PSA `r || s`. */
import { readUnsignedSequence, writeUnsignedSequence } from "./der.ts";

/**
 * Converts an ECDSA signature from DER to the `r || s` that PSA wants.
 *
 * @param der SEQUENCE of two INTEGERs.
 * @param scalarBytes Bytes of a scalar of the curve: 32 for P-256.
 * @returns `2 * scalarBytes` bytes, big-endian (PSA Crypto API 1.0, PSA_ALG_ECDSA).
 * @throws {RangeError} If `der` is not canonical or a number is too long.
 */
export function ecdsaDerToRaw(der: Uint8Array, scalarBytes: number): Uint8Array<ArrayBuffer> {
  const [r, s, ...others] = readUnsignedSequence(der);
  if (r === undefined || s === undefined || others.length > 0) {
    throw new RangeError("Cannot convert a signature: wanted two integers");
  }
  if (r.length > scalarBytes || s.length > scalarBytes) {
    throw new RangeError(
      `Cannot convert a signature: found ${
        Math.max(r.length, s.length)
      } bytes, wanted ${scalarBytes}`,
    );
  }
  const raw = new Uint8Array(2 * scalarBytes);
  raw.set(r, scalarBytes - r.length);
  raw.set(s, 2 * scalarBytes - s.length);
  return raw;
}

/**
 * Converts an ECDSA signature from `r || s` to DER.
 *
 * @param raw Two numbers of the same length, big-endian.
 * @throws {RangeError} If the length is odd.
 */
export function ecdsaRawToDer(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = raw.length / 2;
  if (!Number.isInteger(half)) {
    throw new RangeError(`Cannot convert a signature: found ${raw.length} bytes, wanted even`);
  }
  return writeUnsignedSequence([raw.subarray(0, half), raw.subarray(half)]);
}
