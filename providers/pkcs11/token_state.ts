/** How a token is, and what is said of it to clients and to the operator. */
import { Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { isUnusable } from "./open_module.ts";
import { statusOf } from "./status.ts";
import { TokenError } from "./token_error.ts";

export type TokenState =
  | { readonly kind: "ready" }
  | { readonly kind: "closed" }
  | {
    readonly kind: "recovering" | "pin_refused";
    /** For the log and the operator. */
    readonly reason: string;
    /** What clients are told meanwhile. */
    readonly status: ResponseStatus;
  };

/** Whether it is no use to wait for the token. */
export function isForGood(error: unknown): boolean {
  return isPinProblem(error) || error instanceof TokenError && isUnusable(error);
}

export function isPinProblem(error: unknown): boolean {
  return error instanceof TokenError &&
    (error.problem === "pin" || error.problem === "pin_refused");
}

export function explain(
  error: unknown,
): { readonly reason: string; readonly status: ResponseStatus } {
  return {
    reason: error instanceof Error ? error.message : String(error),
    status: statusWhile(error),
  };
}

/** A token that is not there is a failure of the hardware, as upstream has it. */
function statusWhile(error: unknown): ResponseStatus {
  if (error instanceof Pkcs11Error) return statusOf(error);
  const isAway = error instanceof TokenError &&
    (error.problem === "slot" || error.problem === "token");
  return isAway
    ? ResponseStatus.PsaErrorHardwareFailure
    : ResponseStatus.PsaErrorCommunicationFailure;
}

export function unavailable(state: TokenState, options?: ErrorOptions): StatusError {
  if (state.kind === "recovering" || state.kind === "pin_refused") {
    return new StatusError(state.status, `Cannot use the token: ${state.reason}`, options);
  }
  return new StatusError(
    ResponseStatus.PsaErrorBadState,
    "Cannot use the token: the provider is closed",
    options,
  );
}
