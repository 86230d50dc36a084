/**
 * EME-OAEP (RFC 8017, section 7.1), for labels that a TPM cannot express: its own OAEP wants every label to end
 * with a zero byte, which then counts (TPM 2.0 Library, part 1, annex B.4). Those that do, and the empty one, never
 * come here.
 */
import type { Digest } from "../../ffi/libcrypto/mod.ts";

export interface OaepForm {
  readonly digest: Digest;
  readonly label: Uint8Array;
  /** Bytes of the modulus. */
  readonly length: number;
}

/** Longest message, bytes; negative where the modulus is too short for the hash. */
export function oaepRoom({ digest, length }: Pick<OaepForm, "digest" | "length">): number {
  return length - 2 * digest.length - 2;
}

/** @param message At most {@linkcode oaepRoom} bytes. @returns As many bytes as the modulus has, for the caller to wipe. */
export function oaepEncode(form: OaepForm, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const { digest, label, length } = form;
  const encoded = new Uint8Array(length);
  const seed = encoded.subarray(1, 1 + digest.length);
  const block = encoded.subarray(1 + digest.length);
  block.set(digest.compute(label));
  block[block.length - message.length - 1] = 1;
  block.set(message, block.length - message.length);
  crypto.getRandomValues(seed);
  mask(block, seed, digest);
  mask(seed, block, digest);
  return encoded;
}

/**
 * The message; `undefined` if the padding is wrong, alike for all causes. All of the block is looked at whatever it
 * holds: where it is wrong must not be told by the time it takes (RFC 8017, section 7.1.2, note).
 *
 * @param encoded As long as the modulus; it is wiped.
 */
export function oaepDecode(
  { digest, label }: OaepForm,
  encoded: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  const seed = encoded.subarray(1, 1 + digest.length);
  const block = encoded.subarray(1 + digest.length);
  mask(seed, block, digest);
  mask(block, seed, digest);
  let wrong = encoded[0] ?? 0;
  digest.compute(label).forEach((byte, i) => wrong |= byte ^ (block[i] ?? 0));
  const start = messageStart(block, digest.length);
  const message = wrong === 0 && start !== 0 ? block.slice(start) : undefined;
  encoded.fill(0);
  return message;
}

/** Where the message begins: after zeros and a one. 0 if there is anything else. */
function messageStart(block: Uint8Array, from: number): number {
  let start = 0;
  let isSearching = 1;
  let wrong = 0;
  for (let i = from; i < block.length; i++) {
    const byte = block[i] ?? 0;
    const isOne = ((byte ^ 1) - 1) >>> 31;
    const isZero = (byte - 1) >>> 31;
    start |= -(isSearching & isOne) & (i + 1);
    wrong |= isSearching & (isOne ^ 1) & (isZero ^ 1);
    isSearching &= isOne ^ 1;
  }
  return -((wrong | isSearching) ^ 1) & start;
}

/** XORs MGF1 of the seed onto the bytes (RFC 8017, appendix B.2.1). */
function mask(target: Uint8Array, seed: Uint8Array, digest: Digest): void {
  const input = new Uint8Array(seed.length + 4);
  input.set(seed);
  const view = new DataView(input.buffer);
  for (let at = 0, counter = 0; at < target.length; at += digest.length, counter++) {
    view.setUint32(seed.length, counter);
    const stream = digest.compute(input);
    const end = Math.min(digest.length, target.length - at);
    for (let i = 0; i < end; i++) target[at + i] = (target[at + i] ?? 0) ^ (stream[i] ?? 0);
    stream.fill(0);
  }
  input.fill(0);
}
