/**
 * Logging in to a token, without ever wasting an attempt: tokens lock themselves after a few wrong PINs, for good
 * or until somebody with the security officer's PIN comes along.
 */
import { CKF, Pkcs11Error, type Session, type TokenInfo } from "../../ffi/pkcs11/mod.ts";
import type { Secret } from "../../ffi/runtime/secret.ts";
import { isPinRefusal } from "./faults.ts";
import type { PinSource } from "./pin.ts";
import { quoted, TokenError } from "./token_error.ts";

/** A PIN that a token has refused, and what it said of its counter then. */
interface Refusal {
  readonly pin: Secret;
  readonly serialNumber: string;
  readonly wasCountLow: boolean;
}

export class Login implements Disposable {
  readonly #pinSource: PinSource | undefined;
  #refusal: Refusal | undefined;

  /** @param pinSource `undefined` where the configuration has no PIN: nobody logs in then. */
  constructor(pinSource: PinSource | undefined) {
    this.#pinSource = pinSource;
  }

  /** Whether sessions are to be logged in. */
  get isExpected(): boolean {
    return this.#pinSource !== undefined;
  }

  /** Whether a PIN has been refused and nothing has changed since. */
  get isRefused(): boolean {
    return this.#refusal !== undefined;
  }

  /**
   * Logs in, if there is a PIN and it is worth an attempt.
   *
   * @param describe Reads the token's flags anew, after a refusal.
   * @throws {TokenError} "pin" if the PIN can't be read, has been refused or must not be tried.
   */
  async attempt(
    session: Session,
    token: TokenInfo,
    describe: () => Promise<TokenInfo>,
  ): Promise<void> {
    if (this.#pinSource === undefined) return;
    requireAttemptsLeft(token);
    const pin = this.#pinSource();
    let isKept = false;
    try {
      this.#requireChange(pin, token);
      await session.login(pin.expose());
      this.#forgetRefusal();
    } catch (error) {
      if (!(error instanceof Pkcs11Error && isPinRefusal(error))) throw error;
      const { flags } = await describe();
      this.#forgetRefusal();
      const wasCountLow = (flags & CKF.USER_PIN_COUNT_LOW) !== 0;
      this.#refusal = { pin, serialNumber: token.serialNumber, wasCountLow };
      isKept = true;
      throw refused(token, error);
    } finally {
      if (!isKept) pin[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    this.#forgetRefusal();
  }

  /**
   * A refused PIN is only tried again if it is another one by now, if the token is another one, or if somebody
   * has logged in properly since: that resets the counter, which some tokens show.
   */
  #requireChange(pin: Secret, token: TokenInfo): void {
    const refusal = this.#refusal;
    if (refusal === undefined || refusal.serialNumber !== token.serialNumber) return;
    if (!sameBytes(pin.expose(), refusal.pin.expose())) return;
    const isCountLow = (token.flags & CKF.USER_PIN_COUNT_LOW) !== 0;
    if (refusal.wasCountLow && !isCountLow) return;
    throw new TokenError(
      "pin",
      `Cannot log in to token ${quoted(token.label)}: it has refused this PIN before; ` +
        "correct the PIN, it is not tried again",
    );
  }

  #forgetRefusal(): void {
    this.#refusal?.pin[Symbol.dispose]();
    this.#refusal = undefined;
  }
}

/** The last attempt is left to a person: a service that restarts would lock the token. */
function requireAttemptsLeft({ flags, label }: TokenInfo): void {
  const name = quoted(label);
  if ((flags & CKF.USER_PIN_LOCKED) !== 0) {
    throw new TokenError(
      "pin",
      `Cannot log in to token ${name}: its user PIN is locked; ` +
        "set a new one with the security officer's PIN (pkcs11-tool --init-pin)",
    );
  }
  if ((flags & CKF.USER_PIN_FINAL_TRY) !== 0) {
    throw new TokenError(
      "pin",
      `Cannot log in to token ${name}: one attempt is left before it locks its user PIN; ` +
        "log in once by hand with the right one (pkcs11-tool --login --list-objects)",
    );
  }
  const needsPin = CKF.LOGIN_REQUIRED;
  if ((flags & (needsPin | CKF.USER_PIN_INITIALIZED)) === needsPin) {
    throw new TokenError(
      "pin",
      `Cannot log in to token ${name}: its user PIN was never set; ` +
        "set it with the security officer's PIN (pkcs11-tool --init-pin)",
    );
  }
}

function refused({ label }: TokenInfo, cause: Pkcs11Error): TokenError {
  return new TokenError(
    "pin",
    `Cannot log in to token ${quoted(label)}: ${cause.message}; ` +
      "correct the PIN, it is not tried again",
    { cause },
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
