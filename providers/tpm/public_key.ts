/**
 * Public keys as PSA writes them (PSA Crypto API 1.0, psa_export_public_key): PKCS#1 RSAPublicKey, and uncompressed
 * points.
 */
import { readUnsignedSequence, writeUnsignedSequence } from "../../ffi/libcrypto/mod.ts";
import type { EccPoint, PublicArea, RsaPublicArea } from "../../ffi/tss2/mod.ts";
import { invalidArgument } from "./refusals.ts";

const DEFAULT_EXPONENT = 65_537;
/** First byte of an uncompressed point (SEC 1, section 2.3.3). */
const UNCOMPRESSED = 0x04;

/** @param bits Of the key, for the length of the coordinates. */
export function exportPublicKey(area: PublicArea, bits: number): Uint8Array<ArrayBuffer> {
  switch (area.type) {
    case "rsa":
      return writeUnsignedSequence([area.modulus, exponentBytes(area)]);
    case "ecc": {
      const field = fieldBytes(bits);
      const point = new Uint8Array(1 + 2 * field);
      point[0] = UNCOMPRESSED;
      point.set(padded(area.x, field), 1);
      point.set(padded(area.y, field), 1 + field);
      return point;
    }
    default:
      throw invalidArgument(`Cannot export a public key: a ${area.type} key has none`);
  }
}

export function fieldBytes(bits: number): number {
  return Math.ceil(bits / 8);
}

/**
 * A number with as many leading zeros as it takes: TPMs may leave them out.
 *
 * @throws {RangeError} If it is longer.
 */
export function padded(number: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  if (number.length > length) {
    throw new RangeError(`Cannot use a number of ${number.length} bytes: wanted at most ${length}`);
  }
  const bytes = new Uint8Array(length);
  bytes.set(number, length - number.length);
  return bytes;
}

/** The coordinates of an uncompressed point; `undefined` if it is not one of a field of this size. */
export function readPoint(data: Uint8Array, bits: number): EccPoint | undefined {
  const field = fieldBytes(bits);
  if (data.length !== 1 + 2 * field || data[0] !== UNCOMPRESSED) return undefined;
  return { x: data.slice(1, 1 + field), y: data.slice(1 + field) };
}

export interface RsaPublicNumbers {
  /** Big-endian, without leading zeros. */
  readonly modulus: Uint8Array;
  /** As the TPM takes it: 0 stands for 65537. */
  readonly exponent: number;
  readonly bits: number;
}

/** @throws {StatusError} PsaErrorInvalidArgument if it is no RSAPublicKey that a TPM could hold. */
export function readRsaPublicKey(der: Uint8Array): RsaPublicNumbers {
  const [modulus, exponent, ...others] = readSequence(der);
  if (modulus === undefined || exponent === undefined || others.length > 0) {
    throw invalidArgument("Cannot import an RSA public key: wanted a sequence of two integers");
  }
  return rsaPublicNumbers(modulus, exponent);
}

export function rsaPublicNumbers(modulus: Uint8Array, exponent: Uint8Array): RsaPublicNumbers {
  if (exponent.length > 4 || exponent.length === 0 || modulus.length === 0) {
    throw invalidArgument("Cannot import an RSA key: wanted a modulus and an exponent of 32 bits");
  }
  const value = exponent.reduce((sum, byte) => sum * 256 + byte, 0);
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  return { modulus, exponent: value === DEFAULT_EXPONENT ? 0 : value, bits };
}

/** @throws {StatusError} PsaErrorInvalidArgument if it is no sequence of non-negative integers. */
export function readSequence(der: Uint8Array): readonly Uint8Array[] {
  try {
    return readUnsignedSequence(der);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidArgument(`Cannot import an RSA key: ${error.message}`);
  }
}

function exponentBytes({ exponent }: RsaPublicArea): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, exponent === 0 ? DEFAULT_EXPONENT : exponent);
  return bytes;
}
