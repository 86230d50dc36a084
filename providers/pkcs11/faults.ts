/**
 * Which return values mean that something on the way to the token is broken, rather than that this one call
 * was wrong; and how far back to begin in order to mend it.
 */
import { CKR, isVendorDefined, type Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { mayBeUndecryptable } from "./decryption_failure.ts";

/** In the order of what mending costs. */
export type Fault =
  /** A session has an operation left over: use another. */
  | "operation"
  /** A handle of an object is stale: find the object again. */
  | "object"
  /** Sessions are gone: open new ones and log in. */
  | "session"
  /**
   * Nobody is logged in any more, which is asked before it is believed: some keys want a PIN for each use, and say
   * the same.
   */
  | "login"
  /** The device went away or fails: look for the token, open sessions; if that fails, restart the module. */
  | "token"
  /** The device says it fails. Some say so of a wrong signature too, so it is asked before it is believed. */
  | "device"
  /** Somebody finalised the module: initialise it and begin anew. */
  | "module"
  /** Means anything, vendors' own values too: only with the token not answering either is it a fault. */
  | "suspect";

const FAULTS: ReadonlyMap<number, Fault> = new Map<number, Fault>([
  [CKR.OPERATION_ACTIVE, "operation"],
  [CKR.KEY_HANDLE_INVALID, "object"],
  [CKR.OBJECT_HANDLE_INVALID, "object"],
  [CKR.KEY_TYPE_INCONSISTENT, "object"], // NSS, of a key that has been destroyed meanwhile
  [CKR.SESSION_CLOSED, "session"],
  [CKR.SESSION_HANDLE_INVALID, "session"],
  [CKR.USER_NOT_LOGGED_IN, "login"],
  [CKR.DEVICE_ERROR, "device"],
  [CKR.DEVICE_REMOVED, "token"],
  [CKR.SLOT_ID_INVALID, "token"],
  [CKR.TOKEN_NOT_PRESENT, "token"],
  [CKR.TOKEN_NOT_RECOGNIZED, "token"],
  [CKR.CRYPTOKI_NOT_INITIALIZED, "module"],
  // A failed decryption too is CKR_GENERAL_ERROR for SoftHSM: clients must not be able to restart anything.
  [CKR.GENERAL_ERROR, "suspect"],
  [CKR.FUNCTION_FAILED, "suspect"],
]);

/** What is broken; `undefined` where only the call was wrong. */
export function faultOf(error: Pkcs11Error): Fault | undefined {
  if (mayBeUndecryptable(error)) return "suspect";
  return FAULTS.get(error.code) ?? (isVendorDefined(error.code) ? "suspect" : undefined);
}

/** Return values of C_Login that say something of the PIN; trying the same again can lock the token. */
const PIN_REFUSALS: ReadonlySet<number> = new Set([
  CKR.PIN_INCORRECT,
  CKR.PIN_INVALID,
  CKR.PIN_LEN_RANGE,
  CKR.PIN_EXPIRED,
  CKR.PIN_LOCKED,
  CKR.USER_PIN_NOT_INITIALIZED,
]);

export function isPinRefusal({ code }: Pkcs11Error): boolean {
  return PIN_REFUSALS.has(code);
}
