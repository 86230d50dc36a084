/**
 * RSA keys: made, and to and from the DER of PKCS#1 (RFC 8017, appendix A.1).
 *
 * Private keys go by their numbers: d2i_PrivateKey and i2d_PrivateKey leave copies of the DER in memory that they
 * free (OpenSSL 3.0.19), and the former keeps each key twice.
 */
import { addressOf, Arena } from "../runtime/arena.ts";
import { readUnsignedSequence, writeUnsignedSequence } from "./der.ts";
import { generateKeyElsewhere, keyPairFrom } from "./key_making.ts";
import type { Libcrypto } from "./library.ts";
import { numberOfKey } from "./number.ts";
import { PKey } from "./pkey.ts";
import { EVP_PKEY_RSA } from "./types.ts";

export const RSA_KEY_TYPE = "RSA";
const PUBLIC_EXPONENT = Uint8Array.of(1, 0, 1);

/** Generates a key pair with the exponent 65537, on another thread: from milliseconds to a minute. */
export function generateRsaKey(library: Libcrypto, bits: number): Promise<PKey> {
  return generateKeyElsewhere(library, RSA_KEY_TYPE, [
    { key: "bits", int: bits },
    { key: "e", unsigned: PUBLIC_EXPONENT },
  ]);
}

/** What follows the version in an RSAPrivateKey, by the names that libcrypto has for it (EVP_PKEY-RSA(7)). */
export const RSA_PRIVATE_NUMBERS = [
  "n",
  "e",
  "d",
  "rsa-factor1",
  "rsa-factor2",
  "rsa-exponent1",
  "rsa-exponent2",
  "rsa-coefficient1",
] as const;
const ZERO = new Uint8Array();
/** Of a key with two primes. */
const VERSION = ZERO;

/**
 * Reads an RSAPrivateKey of version 0. Nothing says that its numbers belong together.
 *
 * @returns `undefined` if it is something else, or libcrypto can't use it.
 */
export function readRsaPrivateKey(library: Libcrypto, der: Uint8Array): PKey | undefined {
  const numbers = numbersIn(der);
  if (numbers?.length !== RSA_PRIVATE_NUMBERS.length) return undefined;
  return keyPairFrom(
    library,
    RSA_KEY_TYPE,
    RSA_PRIVATE_NUMBERS.map((key, i) => ({ key, unsigned: numbers[i] ?? ZERO })),
  );
}

/** The numbers after the version, which is zero: views. */
function numbersIn(der: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const [version, ...numbers] = readUnsignedSequence(der);
    return version?.length === 0 ? numbers : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The RSAPrivateKey of a key pair; the caller wipes it. */
export function writeRsaPrivateKey(key: PKey): Uint8Array<ArrayBuffer> {
  const numbers = RSA_PRIVATE_NUMBERS.map((name) => numberOfKey(key, name, key.size));
  const der = writeUnsignedSequence([VERSION, ...numbers]);
  for (const number of numbers) number.fill(0);
  return der;
}

/** Reads an RSAPublicKey. @returns `undefined` if libcrypto can't read it. */
export function readRsaPublicKey(library: Libcrypto, der: Uint8Array): PKey | undefined {
  using arena = new Arena();
  const cursor = BigUint64Array.of(addressOf(arena.copy(der)));
  const pointer = library.c.d2i_PublicKey(EVP_PKEY_RSA, null, cursor, BigInt(der.length));
  if (pointer !== null) return new PKey(library, pointer);
  library.clearErrors();
  return undefined;
}

/** The RSAPublicKey of a key. */
export function writeRsaPublicKey(key: PKey): Uint8Array<ArrayBuffer> {
  using arena = new Arena();
  const { library, pointer } = key;
  const length = library.c.i2d_PublicKey(pointer, null);
  if (length <= 0) throw library.error("i2d_PublicKey");
  const der = arena.alloc(length);
  if (library.c.i2d_PublicKey(pointer, BigUint64Array.of(addressOf(der))) !== length) {
    throw library.error("i2d_PublicKey");
  }
  return der.slice();
}
