/**
 * What a stored key is bound to: material that is moved to another key's row no longer opens, and neither does that
 * of a key whose type, size or policy was changed where the key info manager keeps them.
 */
import { encodeKeyAttributes } from "../../src/operations/convert/key_attributes.ts";
import type { Key } from "../../src/provider.ts";

/** The version of the encoding below and of what a row holds. */
export const ROW_FORMAT = 1;

const ENCODER = new TextEncoder();

/**
 * The format version (1 byte), the auth type (1 byte), then key id, application name, provider UUID, provider
 * name, key name and the attributes (a protobuf message `KeyAttributes`), each after its length in bytes (4,
 * little-endian): no two keys have the same.
 */
export function associatedData(key: Key): Uint8Array {
  const { application, provider, keyName } = key.identity;
  const texts = [application.name, provider.uuid, provider.name, keyName];
  const names = texts.map((text) => ENCODER.encode(text));
  const parts = [key.id, ...names, encodeKeyAttributes(key.attributes)];
  const out = new Uint8Array(parts.reduce((length, part) => length + 4 + part.length, 2));
  const view = new DataView(out.buffer);
  view.setUint8(0, ROW_FORMAT);
  view.setUint8(1, application.authType);
  let offset = 2;
  for (const part of parts) {
    view.setUint32(offset, part.length, true);
    out.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return out;
}
