/**
 * PEM (RFC 7468): DER in base64, in lines of 64 characters between two labels.
 */
const LINE_LENGTH = 64;

/** @returns The text without a last line end. */
export function encodePem(label: string, der: Uint8Array, lineEnd: "\n" | "\r\n" = "\n"): string {
  const lines = der.toBase64().match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join(lineEnd);
}

/** The DER in a PEM text of one block. @throws {RangeError} If it is no such text. */
export function decodePem(label: string, text: string): Uint8Array {
  const block = new RegExp(
    `^-----BEGIN ${label}-----\\s([A-Za-z0-9+/=\\s]*)-----END ${label}-----\\s*$`,
  );
  const [, base64] = block.exec(text) ?? [];
  try {
    if (base64 !== undefined) return Uint8Array.fromBase64(base64);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RangeError(`there is no ${label} in PEM`);
}
