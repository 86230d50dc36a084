/**
 * Ids of keys that were on the token before: which objects they are, by what names them there.
 *
 * | bytes | what |
 * |---|---|
 * | 1 | the form: 1 |
 * | 1 | 1 if the objects are deleted with the key, else 0 |
 * | for each object: 1 | CKO_* |
 * | 2 and as many | length, little-endian, and CKA_ID |
 * | 2 and as many | length, little-endian, and CKA_LABEL |
 *
 * That is always more than the 4 bytes of a key that the provider has made. Services that know only those refuse
 * these by their length (`key_id.ts`), before they look for anything on the token.
 */
import { type Attribute, CKA, CKO } from "../../ffi/pkcs11/mod.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { isOwnKeyId } from "./key_id.ts";
import { KEY_CLASSES, type KeyClass } from "./key_class.ts";

const FORM = 1;
const LENGTH_BYTES = 2;
const LONGEST_NAME = 0xffff;
const LITTLE = true;

/** What tells an object from others of its class. At least one of the two is not empty. */
export interface ObjectName {
  readonly keyClass: KeyClass;
  /** CKA_ID */
  readonly id: Uint8Array;
  /** CKA_LABEL */
  readonly label: Uint8Array;
}

export interface AdoptedKeyId {
  readonly deleteWithKey: boolean;
  /** The halves of a pair, or the one object that the key is. */
  readonly objects: readonly ObjectName[];
}

/** Whether a stored id is that of a key that the provider has not made. */
export function isAdopted(keyId: Uint8Array): boolean {
  return !isOwnKeyId(keyId);
}

/** Whether the objects of a key outlive it. */
export function staysOnToken(keyId: Uint8Array): boolean {
  return isAdopted(keyId) && !readAdoptedKeyId(keyId).deleteWithKey;
}

/** Whether the public half of a key is an object of its own; else its private key tells it. */
export function hasPublicObject(keyId: Uint8Array): boolean {
  if (!isAdopted(keyId)) return true;
  return readAdoptedKeyId(keyId).objects.some(({ keyClass }) => keyClass === "PUBLIC_KEY");
}

/** The class of the object that tells the public half of a key. */
export function publicClassOf(keyId: Uint8Array): KeyClass {
  return hasPublicObject(keyId) ? "PUBLIC_KEY" : "PRIVATE_KEY";
}

export function writeAdoptedKeyId(
  { deleteWithKey, objects }: AdoptedKeyId,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[FORM, deleteWithKey ? 1 : 0],
    ...objects.flatMap(({ keyClass, id, label }) => [CKO[keyClass], ...field(id), ...field(label)]),
  ]);
}

/** @throws {StatusError} InvalidEncoding if what is stored is no such id. */
export function readAdoptedKeyId(keyId: Uint8Array): AdoptedKeyId {
  const reader = new Reader(keyId);
  const form = reader.byte();
  const deleteWithKey = reader.byte();
  if (form !== FORM || deleteWithKey > 1) throw unreadable();
  const objects: ObjectName[] = [];
  do objects.push(reader.objectName()); while (!reader.isAtEnd);
  return { deleteWithKey: deleteWithKey === 1, objects };
}

/** What finds an object again; what is empty names nothing. */
export function nameTemplate({ keyClass, id, label }: ObjectName): readonly Attribute[] {
  return [
    { type: CKA.TOKEN, value: true },
    { type: CKA.CLASS, value: CKO[keyClass] },
    ...(id.length > 0 ? [{ type: CKA.ID, value: id }] : []),
    ...(label.length > 0 ? [{ type: CKA.LABEL, value: label }] : []),
  ];
}

function field(bytes: Uint8Array): readonly number[] {
  if (bytes.length > LONGEST_NAME) {
    throw new StatusError(
      ResponseStatus.PsaErrorNotSupported,
      `Cannot remember an object: found a name of ${bytes.length} bytes, wanted ${LONGEST_NAME} at most`,
    );
  }
  return [bytes.length & 0xff, bytes.length >> 8, ...bytes];
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  objectName(): ObjectName {
    const number = this.byte();
    const keyClass = KEY_CLASSES.find((keyClass) => CKO[keyClass] === number);
    const [id, label] = [this.#field(), this.#field()];
    // What has no name would be any object of the class.
    if (keyClass === undefined || id.length + label.length === 0) throw unreadable();
    return { keyClass, id, label };
  }

  #field(): Uint8Array {
    const { buffer, byteOffset, length } = this.#take(LENGTH_BYTES);
    return this.#take(new DataView(buffer, byteOffset, length).getUint16(0, LITTLE));
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw unreadable();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function unreadable(): StatusError {
  return new StatusError(
    ResponseStatus.InvalidEncoding,
    "Cannot read the stored id of an adopted key: found another form, wanted form 1",
  );
}
