/** Objects of a token: found, made from their attributes, read, destroyed. */
import { Arena } from "../runtime/arena.ts";
import {
  type Attribute,
  AttributeRequest,
  type AttributeValues,
  layTemplate,
} from "./attributes.ts";
import { UNAVAILABLE } from "./constants.ts";
import { check, Pkcs11AnswerError } from "./errors.ts";
import { CKR } from "./return_values.ts";
import type { Session } from "./session.ts";

declare const brand: unique symbol;
/** CK_OBJECT_HANDLE. Good in all sessions of this process with the token. */
export type ObjectHandle = bigint & { readonly [brand]: true };

/** Handles that one C_FindObjects may give. */
const FIND_BATCH = 64;
/** Most objects of one search. */
const MAX_FOUND = 65_536;

/**
 * The objects that have all of the attributes.
 *
 * @param most The search stops there; one more than wanted shows that there are too many.
 */
export async function findObjects(
  session: Session,
  attributes: readonly Attribute[],
  most: number = MAX_FOUND,
): Promise<readonly ObjectHandle[]> {
  const { calls, handle } = session;
  using arena = new Arena();
  const { bytes, count } = layTemplate(arena, attributes);
  session.isClean = false; // some stay active even if the start fails
  check("C_FindObjectsInit", await calls.C_FindObjectsInit(handle, bytes, count));
  const found: ObjectHandle[] = [];
  while (found.length < most) {
    const batch = await nextObjects(session, Math.min(FIND_BATCH, most - found.length));
    if (batch.length === 0) break;
    found.push(...batch);
  }
  check("C_FindObjectsFinal", await calls.C_FindObjectsFinal(handle));
  session.isClean = true;
  return found;
}

async function nextObjects(
  { calls, handle }: Session,
  most: number,
): Promise<readonly ObjectHandle[]> {
  const batch = new BigUint64Array(most);
  const count = new BigUint64Array(1);
  check("C_FindObjects", await calls.C_FindObjects(handle, batch, BigInt(most), count));
  const found = count[0] ?? 0n;
  if (found > BigInt(most)) {
    throw new Pkcs11AnswerError("C_FindObjects", `${found} objects`, `${most} at most`);
  }
  return [...batch.subarray(0, Number(found))].map((object) => object as ObjectHandle);
}

export async function createObject(
  { calls, handle }: Session,
  attributes: readonly Attribute[],
): Promise<ObjectHandle> {
  using arena = new Arena();
  const { bytes, count } = layTemplate(arena, attributes);
  const object = new BigUint64Array(1);
  check("C_CreateObject", await calls.C_CreateObject(handle, bytes, count, object));
  return handleAt("C_CreateObject", object);
}

export async function destroyObject(
  { calls, handle }: Session,
  object: ObjectHandle,
): Promise<void> {
  check("C_DestroyObject", await calls.C_DestroyObject(handle, object));
}

/**
 * The values of some attributes.
 *
 * @returns Those that there are: what the token won't tell (CKA_SENSITIVE) or lacks is missing.
 */
export async function readAttributes(
  session: Session,
  object: ObjectHandle,
  types: readonly number[],
): Promise<AttributeValues> {
  using arena = new Arena();
  const request = new AttributeRequest(arena, types);
  await getAttributes(session, object, request);
  request.makeRoom();
  await getAttributes(session, object, request);
  return request.values();
}

/** A value that is not there is no failure of the call; its length says so. */
async function getAttributes(
  { calls, handle }: Session,
  object: ObjectHandle,
  { template: { bytes, count } }: AttributeRequest,
): Promise<void> {
  const result = await calls.C_GetAttributeValue(handle, object, bytes, count);
  const isPartial = result === BigInt(CKR.ATTRIBUTE_SENSITIVE) ||
    result === BigInt(CKR.ATTRIBUTE_TYPE_INVALID);
  if (!isPartial) check("C_GetAttributeValue", result);
}

/** A handle that C has written; 0 is none (CK_INVALID_HANDLE). */
export function handleAt(functionName: string, cell: BigUint64Array): ObjectHandle {
  const handle = cell[0] ?? 0n;
  if (handle !== 0n && handle !== UNAVAILABLE) return handle as ObjectHandle;
  throw new Pkcs11AnswerError(functionName, "no handle of an object", "one");
}
