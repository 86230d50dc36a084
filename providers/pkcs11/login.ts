/**
 * Logging in to a token, without ever wasting an attempt: tokens lock themselves after a few wrong PINs, for good
 * or until somebody with the security officer's PIN comes along.
 */
import { CKF, CKR, Pkcs11Error, type Session, type TokenInfo } from "../../ffi/pkcs11/mod.ts";
import type { Secret } from "../../ffi/runtime/secret.ts";
import { isPinRefusal } from "./faults.ts";
import type { PinSource } from "./pin.ts";
import { quoted, TokenError } from "./token_error.ts";

/** A PIN that a token has refused, and whether its counter may tell that somebody has logged in since. */
interface Refusal {
  readonly pin: Secret;
  readonly serialNumber: string;
  readonly isCountTold: boolean;
}

/** Reads the token's flags anew. */
type Describe = () => Promise<TokenInfo>;

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

  /**
   * Logs in, if there is a PIN and it is worth an attempt.
   *
   * @param describe Asked after an attempt that failed.
   * @throws {TokenError} "pin" if the PIN can't be read or must not be tried, "pin_refused" if it was tried in vain.
   */
  async attempt(session: Session, token: TokenInfo, describe: Describe): Promise<void> {
    if (this.#pinSource === undefined) return;
    requireAttemptsLeft(token);
    using stack = new DisposableStack();
    const pin = stack.use(this.#pinSource());
    this.#requireChange(pin, token);
    try {
      await session.login(isAskedByToken(pin, token) ? undefined : pin.expose());
      this.#forgetRefusal();
    } catch (error) {
      if (!(error instanceof Pkcs11Error)) throw error;
      const isCountLow = await countAfterwards(describe);
      const hasCost = isCountLow === true && !isLow(token);
      if (!isPinRefusal(error) && !hasCost) throw error;
      stack.move();
      this.#remember(pin, token, isCountLow === true);
      throw refused(token, error);
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
    if (refusal === undefined || !isSame(refusal, pin, token)) return;
    if (refusal.isCountTold && !isLow(token)) return;
    throw new TokenError(
      "pin",
      `Cannot log in to token ${quoted(token.label)}: it has refused this PIN before; ` +
        CORRECT_IT,
    );
  }

  /**
   * Some tokens forget their counter when they are plugged in anew. So it is believed once for a PIN: if the PIN is
   * refused again, nobody had changed it back.
   */
  #remember(pin: Secret, token: TokenInfo, isCountLow: boolean): void {
    const isFirst = this.#refusal === undefined || !isSame(this.#refusal, pin, token);
    this.#forgetRefusal();
    const { serialNumber } = token;
    this.#refusal = { pin, serialNumber, isCountTold: isFirst && isCountLow };
  }

  #forgetRefusal(): void {
    this.#refusal?.pin[Symbol.dispose]();
    this.#refusal = undefined;
  }
}

/**
 * Whether the token finds out by itself who is there: by a keypad, or, as OP-TEE's does, by who the process is. The
 * PIN is empty then, which says that this is meant.
 */
function isAskedByToken(pin: Secret, { flags }: TokenInfo): boolean {
  return pin.expose().length === 0 && (flags & CKF.PROTECTED_AUTHENTICATION_PATH) !== 0;
}

/** Whether wrong PINs have been counted. Not every token that says so says all of it. */
function isLow({ flags }: TokenInfo): boolean {
  const marks = CKF.USER_PIN_COUNT_LOW | CKF.USER_PIN_FINAL_TRY | CKF.USER_PIN_LOCKED;
  return (flags & marks) !== 0;
}

/**
 * Whether wrong PINs are counted by now; `undefined` if the token won't say. Some tokens say of a wrong PIN only that
 * something failed, and their counter tells.
 */
function countAfterwards(describe: Describe): Promise<boolean | undefined> {
  return describe().then(isLow, () => undefined);
}

function isSame({ pin, serialNumber }: Refusal, tried: Secret, token: TokenInfo): boolean {
  return serialNumber === token.serialNumber && sameBytes(pin.expose(), tried.expose());
}

/** The last attempt is left to a person: a service that restarts would lock the token. */
function requireAttemptsLeft({ flags, label }: TokenInfo): void {
  const name = quoted(label);
  if ((flags & CKF.USER_PIN_LOCKED) !== 0) {
    throw new TokenError(
      "pin",
      `Cannot log in to token ${name}: its user PIN is locked; ` +
        INITIALISE_IT,
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
        INITIALISE_IT,
    );
  }
}

function refused({ label }: TokenInfo, cause: Pkcs11Error): TokenError {
  return new TokenError(
    "pin_refused",
    `Cannot log in to token ${quoted(label)}: ${cause.message}; ${adviceAfter(cause)}`,
    { cause },
  );
}

const CORRECT_IT =
  "correct the PIN in user_pin, user_pin_file or token_uri, it is not tried again as it is";
const INITIALISE_IT = "set a new one with the security officer's PIN (pkcs11-tool --init-pin)";

function adviceAfter({ code }: Pkcs11Error): string {
  switch (code) {
    case CKR.PIN_LOCKED:
    case CKR.USER_PIN_NOT_INITIALIZED:
      return INITIALISE_IT;
    case CKR.PIN_EXPIRED:
      return "set a new one (pkcs11-tool --change-pin) and configure it";
    default:
      return CORRECT_IT;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
