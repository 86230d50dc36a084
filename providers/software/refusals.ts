/** The refusals that several primitives share. */
import { ResponseStatus, StatusError } from "../../src/status.ts";

/** The arguments make no sense: PsaErrorInvalidArgument. */
export function invalidArgument(message: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorInvalidArgument, message);
}

/** It makes sense, but not here: PsaErrorNotSupported. */
export function notSupported(message: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorNotSupported, message);
}

/** A derivation has no more to give: PsaErrorInsufficientData. */
export function insufficientData(message: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorInsufficientData, message);
}

/** A signature, MAC, tag or hash does not match: PsaErrorInvalidSignature, alike for all causes. */
export function invalidSignature(): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidSignature,
    "Cannot verify: it does not match",
  );
}
