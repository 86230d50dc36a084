/** Key objects that are on the token already, with what is told of them. */
import {
  type AttributeValues,
  CKA,
  CKO,
  findObjects,
  type ObjectHandle,
  readAttributes,
  type Session,
} from "../../ffi/pkcs11/mod.ts";
import type { ObjectUri } from "../../src/pkcs11_uri.ts";
import type { ObjectName } from "./adopted_key_id.ts";
import type { KeyClass } from "./key_class.ts";

export interface FoundObject extends ObjectName {
  readonly handle: ObjectHandle;
  /** What the token tells; CKA_*. */
  readonly values: AttributeValues;
}

/** Objects that one search looks at; more than this is no answer anyway. */
const MOST_FOUND = 32;

const COMMON = [CKA.ID, CKA.LABEL, CKA.KEY_TYPE, CKA.ALLOWED_MECHANISMS];
const ASYMMETRIC = [CKA.MODULUS, CKA.PUBLIC_EXPONENT, CKA.EC_PARAMS, CKA.EC_POINT];
const READ: { readonly [C in KeyClass]: readonly number[] } = {
  PRIVATE_KEY: [
    ...[...COMMON, ...ASYMMETRIC, CKA.SIGN, CKA.DECRYPT, CKA.DERIVE],
    ...[CKA.EXTRACTABLE, CKA.ALWAYS_AUTHENTICATE],
  ],
  PUBLIC_KEY: [...COMMON, ...ASYMMETRIC, CKA.VERIFY, CKA.ENCRYPT],
  SECRET_KEY: [
    ...[...COMMON, CKA.VALUE_LEN, CKA.SIGN, CKA.VERIFY, CKA.ENCRYPT, CKA.DECRYPT],
    CKA.EXTRACTABLE,
  ],
};

/** What objects of one class are looked for by; what is absent may be anything. */
export type Wanted = Pick<ObjectUri, "label" | "id">;

export async function lookFor(
  session: Session,
  keyClass: KeyClass,
  wanted: Wanted,
): Promise<readonly FoundObject[]> {
  const found: FoundObject[] = [];
  const handles = await findObjects(session, template(CKO[keyClass], wanted), MOST_FOUND);
  for (const handle of handles) {
    const values = await readAttributes(session, handle, READ[keyClass]);
    const id = values.get(CKA.ID) ?? new Uint8Array();
    const label = values.get(CKA.LABEL) ?? new Uint8Array();
    found.push({ handle, keyClass, id, label, values });
  }
  return found;
}

/** The CKA_ID of a certificate, which is that of its private key; empty if it has none, `undefined` without one. */
export async function findCertificateId(
  session: Session,
  wanted: Wanted,
): Promise<Uint8Array | undefined> {
  const [handle] = await findObjects(session, template(CKO.CERTIFICATE, wanted), 1);
  if (handle === undefined) return undefined;
  return (await readAttributes(session, handle, [CKA.ID])).get(CKA.ID) ?? new Uint8Array();
}

function template(objectClass: number, { label, id }: Wanted) {
  return [
    { type: CKA.TOKEN, value: true },
    { type: CKA.CLASS, value: objectClass },
    ...(id === undefined ? [] : [{ type: CKA.ID, value: id }]),
    ...(label === undefined ? [] : [{ type: CKA.LABEL, value: new TextEncoder().encode(label) }]),
  ];
}

/** A CK_ULONG; `undefined` where the token does not tell. */
export function numberOf({ values }: FoundObject, type: number): number | undefined {
  const bytes = values.get(type);
  return bytes?.length === 8 ? Number(new BigUint64Array(bytes.buffer)[0]) : undefined;
}

/** A CK_BBOOL; `undefined` where the token does not tell. */
export function flagOf({ values }: FoundObject, type: number): boolean | undefined {
  const bytes = values.get(type);
  return bytes?.length === 1 ? bytes[0] !== 0 : undefined;
}

/** An array of CK_ULONG, empty where the token does not tell. */
export function numbersOf({ values }: FoundObject, type: number): readonly number[] {
  const bytes = values.get(type);
  if (bytes === undefined || bytes.length % 8 !== 0) return [];
  return [...new BigUint64Array(bytes.buffer)].map(Number);
}

/** `private key with CKA_ID 0a0b`: labels are names that other people chose. */
export function described({ keyClass, id }: ObjectName): string {
  const name = keyClass.toLowerCase().replace("_", " ");
  return `${name} ${id.length === 0 ? "without CKA_ID" : `with CKA_ID ${id.toHex()}`}`;
}
