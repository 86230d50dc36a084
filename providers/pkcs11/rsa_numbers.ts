/** The numbers of RSA keys in the DER of PKCS#1 (RFC 8017, appendix A.1). */
import { readUnsignedSequence, writeUnsignedSequence } from "../../ffi/libcrypto/mod.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

/** Longest public exponent, bytes; it bounds what verifying costs. */
const MAX_EXPONENT_BYTES = 8;

/** Big-endian, without leading zeros. */
export interface RsaPublicNumbers {
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
}

export interface RsaNumbers extends RsaPublicNumbers {
  readonly privateExponent: Uint8Array;
  readonly prime1: Uint8Array;
  readonly prime2: Uint8Array;
  readonly exponent1: Uint8Array;
  readonly exponent2: Uint8Array;
  readonly coefficient: Uint8Array;
}

/** Reads an RSAPublicKey. @throws {StatusError} PsaErrorInvalidArgument */
export function readPublicNumbers(der: Uint8Array): RsaPublicNumbers {
  const [modulus, publicExponent, ...others] = sequence(der);
  if (modulus === undefined || publicExponent === undefined || others.length > 0) {
    throw invalidArgument("Cannot import an RSA public key: wanted two numbers");
  }
  return { modulus, publicExponent };
}

/**
 * Reads an RSAPrivateKey of version 0. The numbers are views of the data. None is longer than it can be, so
 * that computing with them takes no longer than it may.
 *
 * @throws {StatusError} PsaErrorInvalidArgument
 */
export function readNumbers(der: Uint8Array): RsaNumbers {
  const [version, modulus, publicExponent, d, p, q, dp, dq, inverse, ...others] = sequence(der);
  if (version?.length !== 0 || modulus === undefined || publicExponent === undefined) {
    throw invalidArgument("Cannot import an RSA key pair: wanted version 0");
  }
  if (!d || !p || !q || !dp || !dq || !inverse || others.length > 0) {
    throw invalidArgument("Cannot import an RSA key pair: wanted nine numbers");
  }
  const fits = d.length <= modulus.length && p.length + q.length <= modulus.length + 1 &&
    dp.length <= p.length && dq.length <= q.length && inverse.length <= p.length;
  if (!fits) throw invalidArgument("Cannot import an RSA key pair: a number is too long");
  return {
    modulus,
    publicExponent,
    privateExponent: d,
    prime1: p,
    prime2: q,
    exponent1: dp,
    exponent2: dq,
    coefficient: inverse,
  };
}

/** The RSAPublicKey of two numbers. */
export function writePublicNumbers(
  { modulus, publicExponent }: RsaPublicNumbers,
): Uint8Array<ArrayBuffer> {
  return writeUnsignedSequence([modulus, publicExponent]);
}

/** The RSAPrivateKey of version 0; whoever gets it zeroes it. */
export function writeNumbers(numbers: RsaNumbers): Uint8Array<ArrayBuffer> {
  return writeUnsignedSequence([
    new Uint8Array(1),
    numbers.modulus,
    numbers.publicExponent,
    numbers.privateExponent,
    numbers.prime1,
    numbers.prime2,
    numbers.exponent1,
    numbers.exponent2,
    numbers.coefficient,
  ]);
}

/**
 * The size of a key, bits.
 *
 * @param wanted 0 for any.
 * @throws {StatusError} PsaErrorInvalidArgument, PsaErrorNotSupported
 */
export function checkedSize(
  { modulus, publicExponent }: RsaPublicNumbers,
  type: KeyType,
  wanted: number,
): number {
  if (publicExponent.length > MAX_EXPONENT_BYTES) {
    throw notSupported(
      `Cannot use an RSA key: found an exponent of ${publicExponent.length} bytes, ` +
        `wanted at most ${MAX_EXPONENT_BYTES}`,
    );
  }
  const [first = 0] = modulus;
  const found = modulus.length * 8 - (Math.clz32(first) - 24);
  if ((wanted === 0 || wanted === found) && isKeySize(type, found)) return found;
  throw invalidArgument(`Cannot import an RSA key: found ${found} bits, wanted ${wanted}`);
}

function sequence(der: Uint8Array): readonly Uint8Array[] {
  try {
    return readUnsignedSequence(der);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw invalidArgument("Cannot import an RSA key: not the DER of PKCS#1");
  }
}
