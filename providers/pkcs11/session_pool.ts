/**
 * The sessions of one connection with a token. Each is used by one operation at a time; there are as many as may
 * run at once.
 */
import { CKR, Pkcs11Error, type Session } from "../../ffi/pkcs11/mod.ts";
import { Semaphore } from "../../ffi/runtime/semaphore.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { type Fault, faultOf } from "./faults.ts";

export type OpenSession = () => Promise<Session>;

/** Work whose turn did not come before the sessions were gone: nothing of it has been done. */
export class UnbegunError extends StatusError {
  /** What ended the sessions. */
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(
      ResponseStatus.PsaErrorCommunicationFailure,
      "Cannot begin: the sessions with the token are gone",
      options,
    );
    this.fault = fault;
  }
}

export class SessionPool {
  readonly #open: OpenSession;
  readonly #turns: Semaphore;
  readonly #free: Session[];
  /** What is said to those who come, or have waited, once the sessions are gone. */
  #end: UnbegunError | undefined;
  /** How many may be used at once. */
  readonly size: number;

  /** Owns the sessions from here on; at least one. */
  constructor(open: OpenSession, sessions: readonly Session[]) {
    this.#open = open;
    this.#free = [...sessions];
    this.size = sessions.length;
    this.#turns = new Semaphore(this.size);
  }

  /**
   * Does something in a session; waits for a free one, first come, first served.
   *
   * @throws {UnbegunError} If the sessions are gone before it is its turn.
   */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    using _turn = await this.#turns.acquire();
    if (this.#end !== undefined) throw this.#end;
    const session = this.#free.pop() ?? await this.#open();
    try {
      const result = await work(session);
      await this.#giveBack(session);
      return result;
    } catch (error) {
      await this.#giveBackAfter(session, error);
      throw error;
    }
  }

  /** Closes the sessions; those in use when they come back. */
  async retire(): Promise<void> {
    this.#end ??= new UnbegunError("session");
    for (const session of this.#free.splice(0)) await closeIfAlive(session);
  }

  /** Forgets the sessions, which are void. */
  abandon(): void {
    this.#end ??= new UnbegunError("session");
    for (const session of this.#free.splice(0)) session.abandon();
  }

  async #giveBack(session: Session): Promise<void> {
    if (session.isClean && !this.#isOver) return void this.#free.push(session);
    if (!this.#isOver) await this.#replace();
    await session[Symbol.asyncDispose]();
  }

  /** Before the old session is closed: with the last one the login would end. */
  async #replace(): Promise<void> {
    const fresh = await this.#open().catch(() => undefined); // the next user finds out why
    if (fresh === undefined) return;
    if (this.#isOver) await fresh[Symbol.asyncDispose]();
    else this.#free.push(fresh);
  }

  async #giveBackAfter(session: Session, error: unknown): Promise<void> {
    const fault = error instanceof Pkcs11Error ? faultOf(error) : undefined;
    const isVoid = fault === "module" || fault === "token" || fault === "session";
    if (!isVoid) return await this.#giveBack(session);
    this.#end ??= new UnbegunError(fault, { cause: error });
    session.abandon();
  }

  get #isOver(): boolean {
    return this.#end !== undefined;
  }
}

/** A number that the module does not know any more is not closed: it may become another session's. */
async function closeIfAlive(session: Session): Promise<void> {
  const isAlive = await session.state().then(() => true, () => false);
  if (isAlive) await session[Symbol.asyncDispose]();
  else session.abandon();
}

export interface OpenSessionsOptions {
  readonly open: OpenSession;
  /** How many at most. */
  readonly most: number;
  /** Done in the first, before there are more: without it they would be of no use. */
  readonly prepare: (session: Session) => Promise<void>;
}

/**
 * Opens sessions up to a number, or as many as the token has.
 *
 * @throws {Pkcs11Error} If not even one can be opened. What `prepare` throws; no session is open then.
 */
export async function openSessions(
  { open, most, prepare }: OpenSessionsOptions,
): Promise<SessionPool> {
  const first = await open();
  const sessions = [first];
  try {
    await prepare(first);
    while (sessions.length < most) sessions.push(await open());
  } catch (error) {
    const isFull = error instanceof Pkcs11Error && error.code === CKR.SESSION_COUNT;
    if (!isFull) {
      for (const session of sessions) await session[Symbol.asyncDispose]();
      throw error;
    }
  }
  return new SessionPool(open, sessions);
}
