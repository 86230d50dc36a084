/** RSA keys, in the DER of PKCS#1 (RFC 8017, appendix A.1). */
import {
  generateRsaKey,
  isSoundKeyPair,
  isSoundPublicKey,
  type Libcrypto,
  type PKey,
  readRsaPrivateKey,
  readRsaPublicKey,
  readUnsignedSequence,
  writeRsaPrivateKey,
  writeRsaPublicKey,
} from "../../ffi/libcrypto/mod.ts";
import type { Semaphore } from "../../ffi/runtime/semaphore.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import { isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { KeyFamily } from "./key_family.ts";
import { AsymmetricKey } from "./loaded_key.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

/** Longest public exponent, bytes: libcrypto's own limit for large keys; it bounds what verifying costs. */
const MAX_EXPONENT_BYTES = 8;

export function rsaKeys(library: Libcrypto, elsewhere: Semaphore): KeyFamily {
  const read = (type: KeyType, der: Uint8Array): PKey => {
    const key = isPublicKey(type)
      ? readRsaPublicKey(library, der)
      : readRsaPrivateKey(library, der);
    if (key === undefined) throw invalidArgument("Cannot import an RSA key: libcrypto refused it");
    return key;
  };
  return {
    async generate(_type, bits) {
      using key = await elsewhere.run(() => generateRsaKey(library, bits));
      return { bytes: writeRsaPrivateKey(key), bits };
    },
    async accept(type, bits, data) {
      const found = isPublicKey(type) ? publicKeyBits(data) : keyPairBits(data);
      if ((bits !== 0 && bits !== found) || !isKeySize(type, found)) {
        throw invalidArgument(`Cannot import an RSA key: found ${found} bits, wanted ${bits}`);
      }
      using key = read(type, data);
      const isSound = isPublicKey(type) ? isSoundPublicKey : isSoundKeyPair;
      if (!await elsewhere.run(() => isSound(key))) {
        throw invalidArgument("Cannot import an RSA key: its numbers do not belong together");
      }
      return { bytes: new Uint8Array(data), bits: found };
    },
    load: (type, _bits, material) => new AsymmetricKey(read(type, material)),
    exportPublic: (_type, _bits, key) => writeRsaPublicKey(key),
  };
}

/** The size of an RSAPublicKey, bits. Nothing is computed with its numbers yet. */
function publicKeyBits(der: Uint8Array): number {
  const [modulus, exponent, ...others] = numbersOf(der);
  if (modulus === undefined || exponent === undefined || others.length > 0) {
    throw invalidArgument("Cannot import an RSA public key: wanted two numbers");
  }
  return sizeOf(modulus, exponent);
}

/**
 * The size of an RSAPrivateKey of version 0, bits. Numbers that are longer than they can be are refused here:
 * whether one of a million bits is prime would take for ever.
 */
function keyPairBits(der: Uint8Array): number {
  const [version, modulus, exponent, d, p, q, dp, dq, inverse, ...others] = numbersOf(der);
  if (version?.length !== 0 || modulus === undefined || exponent === undefined) {
    throw invalidArgument("Cannot import an RSA key pair: wanted version 0");
  }
  if (!d || !p || !q || !dp || !dq || !inverse || others.length > 0) {
    throw invalidArgument("Cannot import an RSA key pair: wanted nine numbers");
  }
  const fits = d.length <= modulus.length && p.length + q.length <= modulus.length + 1 &&
    dp.length <= p.length && dq.length <= q.length && inverse.length <= p.length;
  if (!fits) throw invalidArgument("Cannot import an RSA key pair: a number is too long");
  return sizeOf(modulus, exponent);
}

function sizeOf(modulus: Uint8Array, exponent: Uint8Array): number {
  if (exponent.length > MAX_EXPONENT_BYTES) {
    throw notSupported(
      `Cannot use an RSA key: found an exponent of ${exponent.length} bytes, wanted at most 8`,
    );
  }
  const [first = 0] = modulus;
  return modulus.length * 8 - (Math.clz32(first) - 24);
}

function numbersOf(der: Uint8Array): readonly Uint8Array[] {
  try {
    return readUnsignedSequence(der);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw invalidArgument("Cannot import an RSA key: not the DER of PKCS#1");
  }
}
