/**
 * CKA_EC_POINT in the forms that tokens have it. The standard wants the DER of an OCTET STRING that holds the
 * point; some have the point itself, some a BIT STRING as certificates do.
 */

const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
/** First byte of an uncompressed point (SEC 1, section 2.3.3). */
const UNCOMPRESSED = 0x04;
const LONG_LENGTH = 0x80;
/** Longest contents with a length of one byte. */
const SHORT_LENGTH = 0x7f;

/** How a token wants points written. */
export type EcPointForm = "octet_string" | "raw";

/**
 * The point in an attribute, whichever form it has: the length tells them apart.
 *
 * @param pointBytes Of an uncompressed point on the curve.
 * @returns `undefined` if it is in none of the forms.
 */
export function readEcPoint(
  value: Uint8Array,
  pointBytes: number,
): Uint8Array<ArrayBuffer> | undefined {
  for (const prefix of [[], header(OCTET_STRING, pointBytes), bitStringHeader(pointBytes)]) {
    const point = value.subarray(prefix.length);
    const fits = point.length === pointBytes && point[0] === UNCOMPRESSED &&
      prefix.every((byte, i) => value[i] === byte);
    if (fits) return point.slice();
  }
  return undefined;
}

export function writeEcPoint(point: Uint8Array, form: EcPointForm): Uint8Array<ArrayBuffer> {
  const prefix = form === "raw" ? [] : header(OCTET_STRING, point.length);
  const value = new Uint8Array(prefix.length + point.length);
  value.set(prefix);
  value.set(point, prefix.length);
  return value;
}

/** @param length Below 256: no curve has longer points. */
function header(tag: number, length: number): readonly number[] {
  return length <= SHORT_LENGTH ? [tag, length] : [tag, LONG_LENGTH | 1, length];
}

/** One byte more than the point: how many bits at the end are unused. */
function bitStringHeader(pointBytes: number): readonly number[] {
  return [...header(BIT_STRING, pointBytes + 1), 0];
}
