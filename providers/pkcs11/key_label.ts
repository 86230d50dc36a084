/** CKA_LABEL of the objects of a key: for people, who see it in `pkcs11-tool -O`. Nothing reads it back. */
import type { KeyIdentity } from "../../src/key_info/key_info_manager.ts";

/** Longest label, bytes of UTF-8: tokens that follow PKCS#15 have no room for more. */
const LABEL_LIMIT = 64;

/** `name of the key (parsec, name of the application)`, cut to what tokens can hold. */
export function keyLabel({ keyName, application }: KeyIdentity): Uint8Array<ArrayBuffer> {
  const text = printable(`${keyName} (parsec, ${application.name})`);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= LABEL_LIMIT) return bytes;
  let end = LABEL_LIMIT;
  while (isContinuation(bytes[end])) end--;
  return bytes.slice(0, end);
}

/** Names may have any character; those that move a terminal's cursor are shown as question marks. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}

/** Whether a byte is inside a character of UTF-8. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
