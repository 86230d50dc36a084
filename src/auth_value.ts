/** Auth values of a TPM as people write them: in the configuration, in files, for the command line. */

/** TPM2B_AUTH, bytes: as long as the longest hash (TPM 2.0 Library, part 2, section 10.4.5). */
const MOST = 64;
/** Far above the longest in hexadecimal digits, bytes. */
const MOST_FILE = 1024;

/**
 * `hex:` and hexadecimal digits for any bytes, `str:` and a text that starts like one of these, or just a text.
 *
 * @returns The caller zeroes it.
 * @throws {RangeError} If it is too long, or what follows `hex:` is no hexadecimal. Nothing of it is told.
 */
export function authValueOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(text);
  if (bytes.length <= MOST) return bytes;
  bytes.fill(0);
  throw new RangeError(`an auth value has ${bytes.length} bytes, wanted at most ${MOST}`);
}

/**
 * The auth value in a file, in one of the same forms, without the line ending at its end.
 *
 * @param file Zeroed.
 * @param path For the message.
 * @throws {RangeError} As {@linkcode authValueOf}, and if the file is no text.
 */
export function authValueInFile(file: Uint8Array, path: string): Uint8Array<ArrayBuffer> {
  try {
    if (file.length > MOST_FILE) {
      throw new RangeError(`${path} has ${file.length} bytes, wanted an auth value`);
    }
    const text = new TextDecoder("utf-8", { fatal: true }).decode(file);
    return authValueOf(text.replace(/[\r\n]+$/, ""));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new RangeError(`${path} is no text, wanted hex: and digits for other bytes`);
  } finally {
    file.fill(0);
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (!text.startsWith("hex:")) {
    return new TextEncoder().encode(text.startsWith("str:") ? text.slice(4) : text);
  }
  const digits = text.slice("hex:".length);
  if (/^([0-9a-fA-F]{2})*$/.test(digits)) return Uint8Array.fromHex(digits);
  throw new RangeError("an auth value has something else than pairs of digits after hex:");
}
