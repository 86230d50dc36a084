/** RSA keys: made, and to and from the DER of PKCS#1 (RFC 8017, appendix A.1). */
import { addressOf, Arena } from "../runtime/arena.ts";
import { generateKeyElsewhere } from "./key_making.ts";
import type { Libcrypto } from "./library.ts";
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

/**
 * Reads an RSAPrivateKey. Nothing says that its numbers belong together.
 *
 * @returns `undefined` if libcrypto can't read it.
 */
export function readRsaPrivateKey(library: Libcrypto, der: Uint8Array): PKey | undefined {
  return read(library, "d2i_PrivateKey", der);
}

/** Reads an RSAPublicKey. @returns `undefined` if libcrypto can't read it. */
export function readRsaPublicKey(library: Libcrypto, der: Uint8Array): PKey | undefined {
  return read(library, "d2i_PublicKey", der);
}

/** The RSAPrivateKey of a key pair; the caller wipes it. */
export function writeRsaPrivateKey(key: PKey): Uint8Array<ArrayBuffer> {
  return write(key, "i2d_PrivateKey");
}

/** The RSAPublicKey of a key. */
export function writeRsaPublicKey(key: PKey): Uint8Array<ArrayBuffer> {
  return write(key, "i2d_PublicKey");
}

function read(
  library: Libcrypto,
  d2i: "d2i_PrivateKey" | "d2i_PublicKey",
  der: Uint8Array,
): PKey | undefined {
  using arena = new Arena();
  const cursor = BigUint64Array.of(addressOf(arena.copy(der)));
  const pointer = library.c[d2i](EVP_PKEY_RSA, null, cursor, BigInt(der.length));
  if (pointer !== null) return new PKey(library, pointer);
  library.clearErrors();
  return undefined;
}

function write(key: PKey, i2d: "i2d_PrivateKey" | "i2d_PublicKey"): Uint8Array<ArrayBuffer> {
  using arena = new Arena();
  const { library, pointer } = key;
  const length = library.c[i2d](pointer, null);
  if (length <= 0) throw library.error(i2d);
  const der = arena.alloc(length);
  if (library.c[i2d](pointer, BigUint64Array.of(addressOf(der))) !== length) {
    throw library.error(i2d);
  }
  return der.slice();
}
