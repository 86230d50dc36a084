/** The forms in which a secret would be recognised, were it somewhere. */
import type { Needle } from "./process_memory.ts";

export interface KnownSecret {
  readonly name: string;
  /** 16 bytes or more, like no others. */
  readonly bytes: Uint8Array;
}

/** Bytes that are looked for: what was partly overwritten still holds the middle. */
const PART = 16;
const ENCODER = new TextEncoder();

/** As it is, and backwards: libcrypto's numbers are little-endian. */
export function rawNeedles({ name, bytes }: KnownSecret): readonly Needle[] {
  return [
    { name, bytes: middle(bytes) },
    { name: `${name}, backwards`, bytes: middle(bytes.toReversed()) },
  ];
}

/** As a text: hexadecimal, base64 of both alphabets at each alignment, decimal numbers of a list. */
export function textNeedles({ name, bytes }: KnownSecret): readonly Needle[] {
  const part = middle(bytes);
  const texts = [part.toHex(), part.toHex().toUpperCase(), part.subarray(0, 8).join(",")];
  for (const start of [0, 1, 2]) {
    const whole = part.subarray(start, start + 12);
    for (const alphabet of ["base64", "base64url"] as const) {
      texts.push(whole.toBase64({ alphabet }));
    }
  }
  return texts.map((text) => ({
    name: `${name} as the text ${text}`,
    bytes: ENCODER.encode(text),
  }));
}

function middle(bytes: Uint8Array): Uint8Array {
  if (bytes.length < PART) throw new RangeError(`Cannot look for ${bytes.length} bytes`);
  const start = (bytes.length - PART) >> 1;
  return bytes.slice(start, start + PART);
}

/** Whether some bytes hold a needle. */
export function holds(bytes: Uint8Array, needle: Needle): boolean {
  const { bytes: wanted } = needle;
  const [first = 0] = wanted;
  for (let i = bytes.indexOf(first); i >= 0; i = bytes.indexOf(first, i + 1)) {
    if (wanted.every((byte, j) => bytes[i + j] === byte)) return true;
  }
  return false;
}
