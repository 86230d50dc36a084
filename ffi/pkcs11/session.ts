/**
 * A session with a token. It does one thing at a time: whoever uses it has it to himself until the promise he
 * got is settled. What can be done in it is in `objects.ts`, `keys.ts` and `operations.ts`.
 */
import { asBuffer } from "../runtime/buffer.ts";
import { countHandle } from "../runtime/handle.ts";
import type { BoundCalls, Calls } from "./calls.ts";
import { CKS, CKU } from "./constants.ts";
import { check } from "./errors.ts";
import type { CallKind, Pace } from "./pace.ts";
import { CKR } from "./return_values.ts";
import { CK_SESSION_INFO } from "./types.ts";

export class Session implements AsyncDisposable {
  readonly #bound: BoundCalls;
  readonly #handle: bigint;
  readonly #pace: Pace;
  readonly #uncount: () => void;
  #isOpen = true;
  /**
   * Whether no operation was left half done. In an unclean session the next one would fail, so it is to be
   * closed.
   */
  isClean = true;

  /** Owns the session from here on. */
  constructor(bound: BoundCalls, handle: bigint, pace: Pace) {
    this.#bound = bound;
    this.#handle = handle;
    this.#pace = pace;
    this.#uncount = countHandle("CK_SESSION_HANDLE");
  }

  /** For the functions of `ffi/pkcs11`. @throws {TypeError} If the session has been closed. */
  get handle(): bigint {
    if (!this.#isOpen) throw new TypeError("Cannot use CK_SESSION_HANDLE: it has been closed");
    return this.#handle;
  }

  /** For the functions of `ffi/pkcs11`: calls on another thread. */
  get calls(): Calls {
    return this.#bound.elsewhere;
  }

  /** For the functions of `ffi/pkcs11`: a call where the session's pace wants it. */
  async paced(kind: CallKind, call: (calls: Calls) => bigint | Promise<bigint>): Promise<bigint> {
    const start = performance.now();
    if (this.#pace.isQuick(kind)) {
      const result = call(this.#bound.inline) as bigint; // not a promise: the call has been made
      this.#pace.took(kind, performance.now() - start, "here");
      return result;
    }
    const result = await call(this.#bound.elsewhere);
    this.#pace.took(kind, performance.now() - start, "elsewhere");
    return result;
  }

  /**
   * C_Login as the user. It counts for all sessions of this process with the token.
   *
   * @param pin `undefined` where the token has a keypad of its own.
   */
  async login(pin: Uint8Array | undefined): Promise<void> {
    const buffer = pin === undefined ? null : asBuffer(pin);
    const length = BigInt(pin?.length ?? 0);
    const result = await this.calls.C_Login(this.handle, BigInt(CKU.USER), buffer, length);
    if (result !== BigInt(CKR.USER_ALREADY_LOGGED_IN)) check("C_Login", result);
  }

  /** C_Logout, for all sessions of this process with the token. */
  async logout(): Promise<void> {
    const result = await this.calls.C_Logout(this.handle);
    if (result !== BigInt(CKR.USER_NOT_LOGGED_IN)) check("C_Logout", result);
  }

  /** CKS_* */
  async state(): Promise<number> {
    const memory = new Uint8Array(CK_SESSION_INFO.size);
    check("C_GetSessionInfo", await this.calls.C_GetSessionInfo(this.handle, memory));
    return Number(CK_SESSION_INFO.decode(memory).state);
  }

  /** Whether the user is logged in, as the module believes. */
  async isUsers(): Promise<boolean> {
    const state = await this.state();
    return state === CKS.RW_USER_FUNCTIONS || state === CKS.RO_USER_FUNCTIONS;
  }

  /** C_CloseSession. What the module says to it is of no use: the session is gone either way. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    this.abandon();
    await this.#bound.elsewhere.C_CloseSession(this.#handle);
  }

  /**
   * Forgets a session that the module has closed by itself (token removed, C_Finalize). To close it once more
   * would be wrong: its number may be that of another session by now.
   */
  abandon(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#uncount();
  }
}
