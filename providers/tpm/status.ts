/**
 * From what the TPM and tpm2-tss say to the status the client gets (upstream's statuses where it has one).
 *
 * Most refusals are answers of our own; primitives that know what a code means translate it themselves.
 */
import { TPM2_RC_FORMAT_0, TPM2_RC_FORMAT_1, Tss2Error } from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { isLockout } from "./failures.ts";
import { LOCKOUT_HINT, TpmSetupError } from "./setup_errors.ts";

const F0 = TPM2_RC_FORMAT_0;
const F1 = TPM2_RC_FORMAT_1;
const {
  PsaErrorHardwareFailure,
  PsaErrorInsufficientMemory,
  PsaErrorInvalidArgument,
  PsaErrorInvalidSignature,
  PsaErrorNotSupported,
  PsaErrorCommunicationFailure,
  PsaErrorDataCorrupt,
} = ResponseStatus;

const STATUSES: ReadonlyMap<number, ResponseStatus> = new Map([
  [F1.SIGNATURE, PsaErrorInvalidSignature],
  [F0.OBJECT_MEMORY, PsaErrorInsufficientMemory],
  [F0.SESSION_MEMORY, PsaErrorInsufficientMemory],
  [F0.MEMORY, PsaErrorInsufficientMemory],
  [F0.SESSION_HANDLES, PsaErrorInsufficientMemory],
  [F0.OBJECT_HANDLES, PsaErrorInsufficientMemory],
  [F0.RETRY, PsaErrorHardwareFailure],
  [F0.YIELDED, PsaErrorHardwareFailure],
  [F0.TESTING, PsaErrorHardwareFailure],
  [F0.NV_RATE, PsaErrorHardwareFailure],
  [F0.NV_UNAVAILABLE, PsaErrorHardwareFailure],
  [F0.LOCKOUT, PsaErrorHardwareFailure],
  [F0.FAILURE, PsaErrorHardwareFailure],
  [F0.UPGRADE, PsaErrorHardwareFailure],
  [F1.ASYMMETRIC, PsaErrorNotSupported],
  [F1.HASH, PsaErrorNotSupported],
  [F1.KEY_SIZE, PsaErrorNotSupported],
  [F1.MGF, PsaErrorNotSupported],
  [F1.MODE, PsaErrorNotSupported],
  [F1.KDF, PsaErrorNotSupported],
  [F1.SCHEME, PsaErrorNotSupported],
  [F1.SYMMETRIC, PsaErrorNotSupported],
  [F1.CURVE, PsaErrorNotSupported],
  [F0.COMMAND_CODE, PsaErrorNotSupported],
  [F0.DISABLED, PsaErrorNotSupported],
  [F1.ECC_POINT, PsaErrorInvalidArgument],
  [F1.BINDING, PsaErrorInvalidArgument],
  // A wrapped key that its parent does not recognise.
  [F1.INTEGRITY, PsaErrorDataCorrupt],
  [F0.SENSITIVE, PsaErrorDataCorrupt],
]);

export function statusOf({ response: { tpm } }: Tss2Error): ResponseStatus {
  return (tpm === undefined ? undefined : STATUSES.get(tpm)) ?? PsaErrorCommunicationFailure;
}

/** An error of the TPM as one of ours, with the original as its cause; any other as it is. */
function asStatusError(error: unknown): unknown {
  if (error instanceof TpmSetupError) {
    return new StatusError(PsaErrorHardwareFailure, error.message, { cause: error });
  }
  if (!(error instanceof Tss2Error)) return error;
  return new StatusError(statusOf(error), error.message, { cause: error });
}

/** Makes functions whose errors, thrown or rejected, are ours. */
export class Translator {
  readonly #log: Logger;
  readonly #lockoutInterval: number;

  /** @param lockoutInterval Seconds after which the TPM forgets one wrong auth value. */
  constructor(log: Logger, lockoutInterval: number) {
    this.#log = log;
    this.#lockoutInterval = lockoutInterval;
  }

  /** A table of functions as it was, but for their errors. */
  translated<T extends object>(table: T): T {
    const entries = Object.entries(table).map(([name, call]) => [name, this.#translatedCall(call)]);
    // Each function keeps its name, its parameters and its result.
    return Object.fromEntries(entries) as T;
  }

  #translatedCall(call: Call): Call {
    return (...args) => {
      try {
        const result = call(...args);
        return result instanceof Promise ? result.catch((error) => this.#rethrow(error)) : result;
      } catch (error) {
        return this.#rethrow(error);
      }
    };
  }

  #rethrow(error: unknown): never {
    if (isLockout(error)) this.#tellOfLockout();
    if (error instanceof TpmSetupError) this.#log.error(error.message);
    throw asStatusError(error);
  }

  #tellOfLockout(): void {
    this.#log.error(
      "The TPM is in lockout after too many wrong auth values or power cuts; keys that it protects so, those " +
        "made by upstream's Parsec and some adopted ones, can't be used until it forgets them",
      {
        secondsEach: this.#lockoutInterval,
        nextStep: LOCKOUT_HINT,
      },
    );
  }
}

type Call = (...args: readonly unknown[]) => unknown;
