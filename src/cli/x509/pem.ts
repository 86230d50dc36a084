/**
 * PEM (RFC 7468): DER in base64, in lines of 64 characters between two labels.
 */
const LINE_LENGTH = 64;

/** @returns The text without a last line end. */
export function encodePem(label: string, der: Uint8Array, lineEnd: "\n" | "\r\n" = "\n"): string {
  const lines = der.toBase64().match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join(lineEnd);
}
