/**
 * Key ids: a random number of 32 bits. The key info manager keeps it as 4 bytes little-endian, the token as
 * CKA_ID, 4 bytes big-endian; both as upstream's provider does, whose keys keep working.
 */
import { ResponseStatus, StatusError } from "../../src/status.ts";

const LENGTH = 4;
const LITTLE = true;

/** The form in which the key info manager keeps a number. */
export function keyIdOf(number: number): Uint8Array<ArrayBuffer> {
  const id = new Uint8Array(LENGTH);
  new DataView(id.buffer).setUint32(0, number, LITTLE);
  return id;
}

/** Whether a stored id has the form of those of keys that the provider makes. */
export function isOwnKeyId(keyId: Uint8Array): boolean {
  return keyId.length === LENGTH;
}

/** The stored id of the provider's own key that has a CKA_ID; `undefined` if none of its keys can have it. */
export function ownKeyIdOf(ckaId: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  return ckaId.length === LENGTH ? new Uint8Array(ckaId).reverse() : undefined;
}

/**
 * The CKA_ID of a key that the provider has made.
 *
 * @throws {StatusError} InvalidEncoding if what is stored is no id of this provider.
 */
export function ckaIdOf(keyId: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!isOwnKeyId(keyId)) {
    throw new StatusError(
      ResponseStatus.InvalidEncoding,
      `Cannot read a stored key id: found ${keyId.length} bytes, wanted ${LENGTH}`,
    );
  }
  return new Uint8Array(keyId).reverse();
}

/** A number for a new key, that is not taken. */
export function freshKeyId(isTaken: (keyId: Uint8Array) => boolean): Uint8Array<ArrayBuffer> {
  const random = new Uint32Array(1);
  for (;;) {
    crypto.getRandomValues(random);
    const keyId = keyIdOf(random[0] ?? 0);
    if (!isTaken(keyId)) return keyId;
  }
}
