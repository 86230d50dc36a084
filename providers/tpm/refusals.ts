/** The refusals that several primitives share. */
import { ResponseStatus, StatusError } from "../../src/status.ts";

/** The arguments make no sense: PsaErrorInvalidArgument. */
export function invalidArgument(message: string, cause?: unknown): StatusError {
  return new StatusError(ResponseStatus.PsaErrorInvalidArgument, message, { cause });
}

/** It makes sense, but not with this TPM: PsaErrorNotSupported. */
export function notSupported(message: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorNotSupported, message);
}

/** It makes sense, but the TPM, or who made the key, does not allow it: PsaErrorNotPermitted. */
export function notPermitted(message: string, cause?: unknown): StatusError {
  return new StatusError(ResponseStatus.PsaErrorNotPermitted, message, { cause });
}

/** A signature, MAC or hash does not match: PsaErrorInvalidSignature, alike for all causes. */
export function invalidSignature(): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidSignature,
    "Cannot verify: it does not match",
  );
}

/** What was decrypted is not in the form it should be: PsaErrorInvalidPadding, alike for all causes. */
export function invalidPadding(): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidPadding,
    "Cannot decrypt: the padding is wrong",
  );
}

/** What is stored of a key is not what was stored for it: PsaErrorDataCorrupt. */
export function damagedKey(message: string, cause?: unknown): StatusError {
  return new StatusError(ResponseStatus.PsaErrorDataCorrupt, message, { cause });
}
