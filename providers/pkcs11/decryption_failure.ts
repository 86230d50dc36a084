/** Decryptions that fail: alike for every cause, for what a padding or tag looked like must not be learnt. */
import { CKR, isVendorDefined, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { type ResponseStatus, StatusError } from "../../src/status.ts";

/**
 * How modules say that a ciphertext does not decrypt. SoftHSM has one return value for everything, NSS several that
 * depend on what is wrong with it, CKR_DEVICE_ERROR and CKR_BUFFER_TOO_SMALL among them.
 */
const FAILURES: ReadonlySet<number> = new Set([
  CKR.AEAD_DECRYPT_FAILED,
  CKR.ARGUMENTS_BAD,
  CKR.BUFFER_TOO_SMALL,
  CKR.DATA_INVALID,
  CKR.DATA_LEN_RANGE,
  CKR.DEVICE_ERROR,
  CKR.ENCRYPTED_DATA_INVALID,
  CKR.ENCRYPTED_DATA_LEN_RANGE,
  CKR.FUNCTION_FAILED,
  CKR.GENERAL_ERROR,
  CKR.SIGNATURE_INVALID,
]);

/**
 * Whether the ciphertext may be to blame, or the device. All of these are looked into in the same way: how long the
 * answer takes tells no more than its status.
 */
export function mayBeUndecryptable({ functionName, code }: Pkcs11Error): boolean {
  return functionName === "C_Decrypt" && (FAILURES.has(code) || isVendorDefined(code));
}

/** Does a decryption whose input has been checked; what remains is one refusal with one status. */
export async function alike<T>(status: ResponseStatus, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Pkcs11Error && mayBeUndecryptable(error))) throw error;
    throw undecryptable(status, { cause: error });
  }
}

export function undecryptable(status: ResponseStatus, options?: ErrorOptions): StatusError {
  return new StatusError(status, "Cannot decrypt: it is not what was encrypted", options);
}
