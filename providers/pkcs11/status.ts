/**
 * From what a PKCS#11 module returns to the status the client gets. Where upstream's provider has an opinion it
 * is kept; it says PsaErrorCommunicationFailure to everything else.
 */
import { CKR, Pkcs11AnswerError, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";

export const STATUSES: ReadonlyMap<number, ResponseStatus> = new Map<number, ResponseStatus>([
  [CKR.HOST_MEMORY, ResponseStatus.PsaErrorInsufficientMemory],
  [CKR.DEVICE_MEMORY, ResponseStatus.PsaErrorInsufficientStorage],
  [CKR.TOKEN_RESOURCE_EXCEEDED, ResponseStatus.PsaErrorInsufficientStorage],

  [CKR.SLOT_ID_INVALID, ResponseStatus.PsaErrorHardwareFailure],
  [CKR.DEVICE_ERROR, ResponseStatus.PsaErrorHardwareFailure],
  [CKR.DEVICE_REMOVED, ResponseStatus.PsaErrorHardwareFailure],
  [CKR.TOKEN_NOT_PRESENT, ResponseStatus.PsaErrorHardwareFailure],
  [CKR.TOKEN_NOT_RECOGNIZED, ResponseStatus.PsaErrorHardwareFailure],
  // An answer that is longer than it can be.
  [CKR.BUFFER_TOO_SMALL, ResponseStatus.PsaErrorHardwareFailure],
  [CKR.FIPS_SELF_TEST_FAILED, ResponseStatus.PsaErrorHardwareFailure],
  [CKR.RANDOM_NO_RNG, ResponseStatus.PsaErrorInsufficientEntropy],

  [CKR.TOKEN_WRITE_PROTECTED, ResponseStatus.PsaErrorNotPermitted],
  [CKR.SESSION_READ_ONLY, ResponseStatus.PsaErrorNotPermitted],
  [CKR.ACTION_PROHIBITED, ResponseStatus.PsaErrorNotPermitted],
  [CKR.ATTRIBUTE_SENSITIVE, ResponseStatus.PsaErrorNotPermitted],
  [CKR.INFORMATION_SENSITIVE, ResponseStatus.PsaErrorNotPermitted],
  [CKR.KEY_UNEXTRACTABLE, ResponseStatus.PsaErrorNotPermitted],
  [CKR.KEY_FUNCTION_NOT_PERMITTED, ResponseStatus.PsaErrorNotPermitted],
  [CKR.FUNCTION_REJECTED, ResponseStatus.PsaErrorNotPermitted],

  // What we ask for makes sense, so a token that does not want it can't do it.
  [CKR.ARGUMENTS_BAD, ResponseStatus.PsaErrorNotSupported],
  [CKR.ATTRIBUTE_READ_ONLY, ResponseStatus.PsaErrorNotSupported],
  [CKR.ATTRIBUTE_TYPE_INVALID, ResponseStatus.PsaErrorNotSupported],
  [CKR.ATTRIBUTE_VALUE_INVALID, ResponseStatus.PsaErrorNotSupported],
  [CKR.TEMPLATE_INCOMPLETE, ResponseStatus.PsaErrorNotSupported],
  [CKR.TEMPLATE_INCONSISTENT, ResponseStatus.PsaErrorNotSupported],
  [CKR.FUNCTION_NOT_SUPPORTED, ResponseStatus.PsaErrorNotSupported],
  [CKR.MECHANISM_INVALID, ResponseStatus.PsaErrorNotSupported],
  [CKR.KEY_TYPE_INCONSISTENT, ResponseStatus.PsaErrorNotSupported],
  [CKR.KEY_SIZE_RANGE, ResponseStatus.PsaErrorNotSupported],
  [CKR.CURVE_NOT_SUPPORTED, ResponseStatus.PsaErrorNotSupported],
  [CKR.DOMAIN_PARAMS_INVALID, ResponseStatus.PsaErrorNotSupported],

  // Nonces and lengths of tags, which come from the client.
  [CKR.MECHANISM_PARAM_INVALID, ResponseStatus.PsaErrorInvalidArgument],
  [CKR.DATA_INVALID, ResponseStatus.PsaErrorInvalidArgument],
  [CKR.DATA_LEN_RANGE, ResponseStatus.PsaErrorInvalidArgument],
  [CKR.ENCRYPTED_DATA_LEN_RANGE, ResponseStatus.PsaErrorInvalidArgument],
  [CKR.PUBLIC_KEY_INVALID, ResponseStatus.PsaErrorInvalidArgument],

  [CKR.ENCRYPTED_DATA_INVALID, ResponseStatus.PsaErrorInvalidPadding],
  [CKR.AEAD_DECRYPT_FAILED, ResponseStatus.PsaErrorInvalidSignature],
  [CKR.SIGNATURE_INVALID, ResponseStatus.PsaErrorInvalidSignature],
  [CKR.SIGNATURE_LEN_RANGE, ResponseStatus.PsaErrorInvalidSignature],

  [CKR.KEY_HANDLE_INVALID, ResponseStatus.PsaErrorDoesNotExist],
  [CKR.OBJECT_HANDLE_INVALID, ResponseStatus.PsaErrorDoesNotExist],
]);

export function statusOf({ code }: Pkcs11Error): ResponseStatus {
  return STATUSES.get(code) ?? ResponseStatus.PsaErrorCommunicationFailure;
}

/** An error of the module as one of ours, with the original as its cause; any other as it is. */
export function asStatusError(error: unknown): unknown {
  if (error instanceof Pkcs11Error) {
    return new StatusError(statusOf(error), error.message, { cause: error });
  }
  if (error instanceof Pkcs11AnswerError) {
    const status = ResponseStatus.PsaErrorHardwareFailure;
    return new StatusError(status, error.message, { cause: error });
  }
  return error;
}

type Call = (...args: never[]) => unknown;

/** A table of functions whose errors, thrown or rejected, are ours. */
export function translated<T extends object>(table: T): T {
  const entries = Object.entries(table).map(([name, call]) => [name, translatedCall(call)]);
  // Each function keeps its name, its parameters and its result.
  return Object.fromEntries(entries) as T;
}

function translatedCall(call: Call): Call {
  return (...args) => {
    try {
      const result = call(...args);
      return result instanceof Promise ? result.catch(rethrow) : result;
    } catch (error) {
      throw asStatusError(error);
    }
  };
}

function rethrow(error: unknown): never {
  throw asStatusError(error);
}
