/**
 * PrivateKeyInfo (PKCS#8, RFC 5208): the form in which tokens wrap and unwrap private keys. Whoever gets one
 * zeroes it.
 */
import type { CurveRow } from "./curves.ts";

const INTEGER = 0x02;
const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;
/** The explicit tag 1 of ECPrivateKey (RFC 5915). */
const PUBLIC_KEY = 0xa1;
const BIT_STRING = 0x03;
const VERSION_0 = Uint8Array.of(0x02, 1, 0);
const VERSION_1 = Uint8Array.of(0x02, 1, 1);
/** AlgorithmIdentifier: rsaEncryption with NULL. */
const RSA_ENCRYPTION = Uint8Array.fromHex("300d06092a864886f70d0101010500");
/** id-ecPublicKey */
const EC_PUBLIC_KEY = Uint8Array.fromHex("06072a8648ce3d0201");

/** @param privateKey The RSAPrivateKey of PKCS#1. */
export function rsaPrivateKeyInfo(privateKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return wiping((keep) =>
    element(SEQUENCE, VERSION_0, RSA_ENCRYPTION, keep(element(OCTET_STRING, privateKey)))
  );
}

/** @param scalar As long as the field. */
export function ecPrivateKeyInfo(
  { oid }: CurveRow,
  scalar: Uint8Array,
  point: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return wiping((keep) => {
    const algorithm = element(SEQUENCE, EC_PUBLIC_KEY, Uint8Array.fromHex(oid));
    const publicKey = element(PUBLIC_KEY, element(BIT_STRING, Uint8Array.of(0), point));
    const value = keep(element(OCTET_STRING, scalar));
    const privateKey = keep(element(SEQUENCE, VERSION_1, value, publicKey));
    return element(SEQUENCE, VERSION_0, algorithm, keep(element(OCTET_STRING, privateKey)));
  });
}

/** Zeroes what is kept on the way. */
function wiping(
  make: (keep: (part: Uint8Array<ArrayBuffer>) => Uint8Array) => Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const kept: Uint8Array[] = [];
  try {
    return make((part) => {
      kept.push(part);
      return part;
    });
  } finally {
    for (const part of kept) part.fill(0);
  }
}

function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, { length }) => sum + length, 0);
  const header = [tag, ...lengthOctets(length)];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const part of contents) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The definite form, as short as may be (X.690, section 8.1.3). */
function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/**
 * The RSAPrivateKey in a PrivateKeyInfo, a view.
 *
 * @throws {RangeError} If it is none.
 */
export function readRsaPrivateKeyInfo(info: Uint8Array): Uint8Array {
  return privateKeyOf(info);
}

/**
 * The scalar in a PrivateKeyInfo, a view; leading zeros may be missing.
 *
 * @throws {RangeError} If it is none.
 */
export function readEcPrivateKeyInfo(info: Uint8Array): Uint8Array {
  const reader = new Elements(new Elements(privateKeyOf(info)).next(SEQUENCE));
  reader.next(INTEGER);
  return reader.next(OCTET_STRING);
}

/** Version, algorithm, and the key. */
function privateKeyOf(info: Uint8Array): Uint8Array {
  const reader = new Elements(new Elements(info).next(SEQUENCE));
  reader.next(INTEGER);
  reader.next(SEQUENCE);
  return reader.next(OCTET_STRING);
}

/** The elements of a DER encoding that a token made, one after the other. */
class Elements {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The contents of the next element. @throws {RangeError} If it has another tag, or is cut off. */
  next(tag: number): Uint8Array {
    if (this.#byte() !== tag) throw new RangeError(`Cannot read a private key: wanted tag ${tag}`);
    const length = this.#length();
    const contents = this.#bytes.subarray(this.#at, this.#at + length);
    if (contents.length < length) throw new RangeError("Cannot read a private key: it is cut off");
    this.#at += length;
    return contents;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    let length = 0;
    for (let count = first & 0x7f; count > 0; count--) length = length * 256 + this.#byte();
    return length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("Cannot read a private key: it is cut off");
    return byte;
  }
}
