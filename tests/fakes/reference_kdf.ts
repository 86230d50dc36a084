/** Key derivation by the book, over the HMAC of `node:crypto`: an independent way to the same bytes. */
import { createHmac } from "node:crypto";
import { Hash } from "../../src/psa/hash.ts";
import type { DerivationInputs } from "../../src/psa/key_derivation.ts";

/** Names of the hashes in `node:crypto`. */
const NAMES: ReadonlyMap<Hash, string> = new Map([
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

export const REFERENCE_HASHES: readonly Hash[] = [...NAMES.keys()];

/** @param length bytes */
export function referenceDerivation(
  inputs: DerivationInputs,
  secret: Uint8Array,
  length: number,
): Uint8Array {
  switch (inputs.kind) {
    case "hkdf":
      return hkdf(inputs, secret, length);
    case "tls12_prf":
      return prf(inputs, secret, length);
    case "tls12_psk_to_ms":
      return prf(inputs, premaster(secret), length);
  }
}

/** RFC 5869, section 2. */
function hkdf(
  { hash, salt, info }: Extract<DerivationInputs, { readonly kind: "hkdf" }>,
  secret: Uint8Array,
  length: number,
): Uint8Array {
  const pseudorandomKey = hmac(hash, salt, secret);
  const blocks: Uint8Array[] = [];
  let last = new Uint8Array();
  for (let i = 1; blocks.length * pseudorandomKey.length < length; i++) {
    last = hmac(hash, pseudorandomKey, last, info, Uint8Array.of(i));
    blocks.push(last);
  }
  return joined(blocks, length);
}

/** RFC 5246, section 5: P_hash(secret, label + seed). */
function prf(
  { hash, label, seed }: Extract<DerivationInputs, { readonly seed: Uint8Array }>,
  secret: Uint8Array,
  length: number,
): Uint8Array {
  const blocks: Uint8Array[] = [];
  let a = hmac(hash, secret, label, seed);
  for (let made = 0; made < length; made += a.length) {
    blocks.push(hmac(hash, secret, a, label, seed));
    a = hmac(hash, secret, a);
  }
  return joined(blocks, length);
}

/** RFC 4279, section 2: uint16 N, N zeros, uint16 N, the PSK. */
function premaster(psk: Uint8Array): Uint8Array {
  const length = Uint8Array.of(psk.length >> 8, psk.length & 0xff);
  const parts = [length, new Uint8Array(psk.length), length, psk];
  return joined(parts, 4 + 2 * psk.length);
}

function hmac(hash: Hash, key: Uint8Array, ...data: readonly Uint8Array[]) {
  const name = NAMES.get(hash);
  if (name === undefined) throw new TypeError(`No reference for hash ${hash}`);
  const mac = createHmac(name, key);
  for (const part of data) mac.update(part);
  return new Uint8Array(mac.digest());
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part])).slice(0, length);
}
