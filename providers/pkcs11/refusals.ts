/** The refusals that several primitives share. */
import { ResponseStatus, StatusError } from "../../src/status.ts";

/** The arguments make no sense: PsaErrorInvalidArgument. */
export function invalidArgument(message: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorInvalidArgument, message);
}

/** It makes sense, but not with this token: PsaErrorNotSupported. */
export function notSupported(message: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorNotSupported, message);
}

/** The configuration or the key forbids it: PsaErrorNotPermitted. */
export function notPermitted(message: string, options?: ErrorOptions): StatusError {
  return new StatusError(ResponseStatus.PsaErrorNotPermitted, message, options);
}

/** A signature, MAC, tag or hash does not match: PsaErrorInvalidSignature, alike for all causes. */
export function invalidSignature(): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidSignature,
    "Cannot verify: it does not match",
  );
}

/** The token gave something that can't be right: PsaErrorHardwareFailure. */
export function wrongAnswer(message: string): StatusError {
  return new StatusError(ResponseStatus.PsaErrorHardwareFailure, message);
}
