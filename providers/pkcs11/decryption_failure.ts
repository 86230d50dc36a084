/** Decryptions that fail: alike for every cause, for what a padding or tag looked like must not be learnt. */
import { CKR, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { type ResponseStatus, StatusError } from "../../src/status.ts";

/** How modules say that a ciphertext does not decrypt; SoftHSM has one return value for everything. */
const FAILURES: ReadonlySet<number> = new Set([
  CKR.AEAD_DECRYPT_FAILED,
  CKR.ARGUMENTS_BAD,
  CKR.DATA_INVALID,
  CKR.DATA_LEN_RANGE,
  CKR.ENCRYPTED_DATA_INVALID,
  CKR.ENCRYPTED_DATA_LEN_RANGE,
  CKR.FUNCTION_FAILED,
  CKR.GENERAL_ERROR,
  CKR.SIGNATURE_INVALID,
]);

/** Does a decryption whose input has been checked; what remains is one refusal with one status. */
export async function alike<T>(status: ResponseStatus, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isFailure = error instanceof Pkcs11Error && error.functionName === "C_Decrypt" &&
      FAILURES.has(error.code);
    if (!isFailure) throw error;
    throw undecryptable(status, { cause: error });
  }
}

export function undecryptable(status: ResponseStatus, options?: ErrorOptions): StatusError {
  return new StatusError(status, "Cannot decrypt: it is not what was encrypted", options);
}
