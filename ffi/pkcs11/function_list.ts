/**
 * The list of functions that a module hands over: a version, then one pointer a function, in the order of the
 * standard (PKCS#11 v2.40, pkcs11f.h; v3.0 appends). A list of v3.0 begins like one of v2.40.
 */
import type { PKCS11 } from "./symbols.ts";
import { CK_INTERFACE, CK_VERSION } from "./types.ts";

/** All 68 functions of v2.40, in order. */
export const FUNCTION_ORDER = [
  ...["C_Initialize", "C_Finalize", "C_GetInfo", "C_GetFunctionList", "C_GetSlotList"],
  ...["C_GetSlotInfo", "C_GetTokenInfo", "C_GetMechanismList", "C_GetMechanismInfo"],
  ...["C_InitToken", "C_InitPIN", "C_SetPIN", "C_OpenSession", "C_CloseSession"],
  ...["C_CloseAllSessions", "C_GetSessionInfo", "C_GetOperationState", "C_SetOperationState"],
  ...["C_Login", "C_Logout", "C_CreateObject", "C_CopyObject", "C_DestroyObject"],
  ...["C_GetObjectSize", "C_GetAttributeValue", "C_SetAttributeValue", "C_FindObjectsInit"],
  ...["C_FindObjects", "C_FindObjectsFinal", "C_EncryptInit", "C_Encrypt", "C_EncryptUpdate"],
  ...["C_EncryptFinal", "C_DecryptInit", "C_Decrypt", "C_DecryptUpdate", "C_DecryptFinal"],
  ...["C_DigestInit", "C_Digest", "C_DigestUpdate", "C_DigestKey", "C_DigestFinal"],
  ...["C_SignInit", "C_Sign", "C_SignUpdate", "C_SignFinal", "C_SignRecoverInit"],
  ...["C_SignRecover", "C_VerifyInit", "C_Verify", "C_VerifyUpdate", "C_VerifyFinal"],
  ...["C_VerifyRecoverInit", "C_VerifyRecover", "C_DigestEncryptUpdate"],
  ...["C_DecryptDigestUpdate", "C_SignEncryptUpdate", "C_DecryptVerifyUpdate"],
  ...["C_GenerateKey", "C_GenerateKeyPair", "C_WrapKey", "C_UnwrapKey", "C_DeriveKey"],
  ...["C_SeedRandom", "C_GenerateRandom", "C_GetFunctionStatus", "C_CancelFunction"],
  ...["C_WaitForSlotEvent"],
] as const;

/** bytes; the version takes as much as a pointer. */
const POINTER_SIZE = 8;

const OFFSETS: ReadonlyMap<string, number> = new Map(
  FUNCTION_ORDER.map((name, i) => [name, POINTER_SIZE * (i + 1)]),
);

/** Where in the list a function is, bytes. */
export function functionOffset(name: keyof typeof PKCS11): number {
  const offset = OFFSETS.get(name);
  if (offset === undefined) throw new RangeError(`Cannot find ${name}: not in the function list`);
  return offset;
}

export interface FunctionList {
  /** major, minor */
  readonly version: readonly [number, number];
  /** The address of a function; `null` where the module left it out. */
  pointer(name: keyof typeof PKCS11): Deno.PointerValue;
}

/** Reads the list at an address. It belongs to the module and lives as long. */
export function readFunctionList(address: Deno.PointerObject): FunctionList {
  const view = new Deno.UnsafePointerView(address);
  const { major, minor } = CK_VERSION.decode(copied(view, CK_VERSION.size));
  return {
    version: [major, minor],
    pointer: (name) => view.getPointer(functionOffset(name)),
  };
}

/** Reads the list that a CK_INTERFACE (v3.0) names. */
export function readInterface(address: Deno.PointerObject): FunctionList | undefined {
  const { pFunctionList } = CK_INTERFACE.decode(
    copied(new Deno.UnsafePointerView(address), CK_INTERFACE.size),
  );
  return pFunctionList === null ? undefined : readFunctionList(pFunctionList);
}

function copied(view: Deno.UnsafePointerView, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  view.copyInto(bytes);
  return bytes;
}
