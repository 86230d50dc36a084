/** Key material in the PSA export format, for imports. Made for these tests, secret to nobody. */
import { EccFamily, type KeyTypeKind } from "../../src/psa/key_type.ts";
import type { KeyCell } from "./universe.ts";

interface RsaMaterial {
  /** Hex of the DER of RSAPrivateKey and RSAPublicKey (RFC 8017). */
  readonly private: string;
  readonly public: string;
}

const RSA: Readonly<Record<string, RsaMaterial>> = JSON.parse(
  Deno.readTextFileSync(new URL("rsa_keys.json", import.meta.url)),
);

/** Below the order of every curve that PSA knows. */
const SCALAR_BYTES = 16;

/** A private or symmetric key of this type and size. */
export function keyMaterial({ type, bits }: KeyCell): Uint8Array {
  const length = Math.ceil(bits / 8);
  switch (type.kind) {
    case "rsa_key_pair":
      return Uint8Array.fromHex(rsa(bits).private);
    case "ecc_key_pair":
      return type.family === EccFamily.Montgomery ? masked(pattern(length)) : scalar(length);
    case "dh_key_pair":
      return scalar(length);
    default:
      return pattern(length);
  }
}

/**
 * Data that is shaped like a public key of this type and size. Only for RSA it is one: those of other types
 * come from the provider's own key pairs.
 */
export function publicKeyShape({ type, bits }: KeyCell): Uint8Array {
  if (type.kind === "rsa_public_key") return Uint8Array.fromHex(rsa(bits).public);
  const length = Math.ceil(bits / 8);
  return type.kind === "ecc_public_key"
    ? Uint8Array.of(4, ...pattern(2 * length))
    : pattern(length);
}

/** The key pair's type for a public key's, and the other way round. */
export function counterpart({ type, bits }: KeyCell): KeyCell {
  const [from, to] = type.kind.endsWith("_key_pair")
    ? ["_key_pair", "_public_key"]
    : ["_public_key", "_key_pair"];
  const kind = type.kind.replace(from, to) as KeyTypeKind;
  return { type: { ...type, kind } as KeyCell["type"], bits };
}

/** Big-endian. */
function scalar(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(pattern(SCALAR_BYTES), length - SCALAR_BYTES);
  return bytes;
}

/** As importing masks it (RFC 7748, section 5), for X25519 and X448 alike; little-endian. */
function masked(bytes: Uint8Array): Uint8Array {
  const last = bytes.length - 1;
  bytes[0]! &= 0xf8;
  if (bytes.length === 32) bytes[last] = (bytes[last]! & 0x7f) | 0x40;
  else bytes[last]! |= 0x80;
  return bytes;
}

function rsa(bits: number): RsaMaterial {
  const found = RSA[bits];
  if (found === undefined) throw new TypeError(`No RSA key of ${bits} bits in rsa_keys.json`);
  return found;
}

/** No two neighbouring parts are alike: not the halves of an XTS key, nor the thirds of a DES key. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (7 * i + 3 + (i >> 8)) & 0xff);
}
