/**
 * The token of a provider, which may go away and come back: whoever has work for it gets a session, and what
 * broke on the way there is mended beside.
 *
 * A fault is mended as cheaply as may be: sessions anew, then the module restarted, then the same again with
 * growing pauses, until the token is back or the provider is closed. Meanwhile requests are answered at once
 * with what is wrong. A refused PIN is not tried again until it has changed (`login.ts`).
 */
import { CKR, type InitialiseOptions, Pkcs11Error, type Session } from "../../ffi/pkcs11/mod.ts";
import type { Logger } from "../../src/log.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { type Fault, faultOf } from "./faults.ts";
import type { KeyObjects } from "./key_objects.ts";
import { initialising, noAnswer } from "./open_module.ts";
import { UnbegunError } from "./session_pool.ts";
import type { ModuleUser } from "./shared_module.ts";
import type { FoundToken } from "./token_choice.ts";
import { TokenError } from "./token_error.ts";
import type { TokenLimits } from "./token_limits.ts";
import { explain, isForGood, isPinProblem, type TokenState, unavailable } from "./token_state.ts";
import { TimeLimit } from "./time_limit.ts";
import { settledWithin } from "./wait.ts";
import { StuckError, WorkWatch } from "./work_watch.ts";

/** Pauses between attempts to get the token back. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** How often somebody looks whether a refused PIN has been corrected: that costs the token no attempt. */
const PIN_PAUSE_MS = 2_000;
/** A token that says it fails, and works, is connected with anew at most so often. */
const RENEWAL_INTERVAL_MS = 10_000;
/** How often the same work is done, with a fault mended before each time but the first. */
const MOST_TURNS = 3;
/** How long a request waits for an attempt that is going on. */
const PATIENCE_MS = 2_000;
/** How long calls may take to come back before the module is restarted, or closed at the end. */
const GRACE_MS = 5_000;

/** A session with what is known of the token's objects. */
export interface TokenSession {
  readonly session: Session;
  readonly objects: KeyObjects;
  /** The token, and the slot it is in. */
  readonly found: FoundToken;
}

export interface UseOptions {
  /**
   * Whether the work may be done a second time after a fault. Not for what makes keys: its first half may have
   * been done.
   */
  readonly isRepeatable: boolean;
}

export interface TokenOptions extends ConnectionOptions {
  readonly initialise: InitialiseOptions;
  /** Called with each new connection, before it is used. */
  readonly onConnect: (connection: Connection) => void;
  /** Start without the token if it is not there, and look for it until it comes. */
  readonly waitForToken: boolean;
  readonly limits: TokenLimits;
}

/** How to get the token back. */
interface Plan {
  readonly lost?: Connection | undefined;
  readonly restart: boolean;
}

export class Token implements AsyncDisposable {
  readonly #options: TokenOptions;
  readonly #user: ModuleUser;
  readonly #log: Logger;
  #state: TokenState = { kind: "closed" };
  #connection: Connection | undefined;
  /** The attempt that is going on. */
  #mending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Attempts since there was a connection with a token that works. */
  #attempts = 0;
  /** Whether the connection has been good for an operation. */
  #isProven = false;
  /** When a connection was lost last, ms of `performance.now()`. */
  #lostAt = -Infinity;
  #isDisposed = false;
  readonly #watch = new WorkWatch(() => this.#renew());

  private constructor(options: TokenOptions, user: ModuleUser) {
    this.#options = options;
    this.#user = user;
    this.#log = options.log;
  }

  /** @throws {TokenError} {Pkcs11Error} If the token can't be used, unless it is waited for. */
  static async open(options: TokenOptions): Promise<Token> {
    const { shared, initialise, waitForToken, limits: { startMs } } = options;
    const user = shared.join();
    const token = new Token(options, user);
    const connect = async () => {
      await initialising(shared, () => shared.initialise(initialise));
      return await Connection.open(options);
    };
    using limit = new TimeLimit(startMs);
    const pending = connect();
    try {
      token.#become(await limit.within(pending, () => noAnswer(shared, startMs)));
    } catch (error) {
      // A connection that was only late is of no use to anybody. If it failed, that has been said.
      const late = pending.then((connection) => connection.retire(), () => {});
      if (!waitForToken || isForGood(error)) {
        await settledWithin(late.then(() => shared.leave(user, GRACE_MS)), 2 * GRACE_MS);
        throw error;
      }
      token.#fail(error);
    }
    return token;
  }

  get state(): TokenState {
    return this.#state;
  }

  /** The connection, while there is one. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** @throws {StatusError} If work that begins now is refused: the token is away, and not about to be back. */
  requireHope(): void {
    if (this.#connection === undefined && this.#mending === undefined) {
      throw unavailable(this.#state);
    }
  }

  /**
   * Does something in a session of its own. A fault is mended; then, if possible, the work is done once more.
   *
   * @throws {StatusError} If the token is away. {Pkcs11Error} and others: what the work throws.
   */
  async use<T>(
    work: (session: TokenSession) => Promise<T>,
    { isRepeatable }: UseOptions = { isRepeatable: true },
  ): Promise<T> {
    for (let turn = 1;; turn++) {
      const connection = this.#connection ?? await this.#awaitConnection();
      try {
        const { workMs, creationMs } = this.#options.limits;
        const ms = isRepeatable ? workMs : creationMs;
        return await this.#watch.run(
          ms,
          (begun) => this.#useOnce(connection, (session) => begun(() => work(session))),
        );
      } catch (error) {
        const isMended = await this.#mend(connection, error);
        const mayTryAgain = error instanceof UnbegunError ||
          isRepeatable && !(error instanceof StuckError);
        if (!isMended || !mayTryAgain || turn === MOST_TURNS) throw error;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    await settledWithin(this.#close(), 2 * GRACE_MS); // a token that hangs holds up nobody's end
    this.#watch[Symbol.dispose]();
  }

  async #close(): Promise<void> {
    await this.#mending;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#state = { kind: "closed" };
    await connection?.retire();
    await this.#options.shared.leave(this.#user, GRACE_MS);
  }

  /** What was stuck has come back: the connection has had to make do with fewer sessions. */
  #renew(): void {
    const lost = this.#connection;
    if (lost === undefined || this.#isDisposed) return;
    this.#connection = undefined;
    this.#attempt({ lost, restart: false });
  }

  /** All threads together, those that are stuck too, are no more than the configuration allows. */
  #connect(): Promise<Connection> {
    const { taken } = this.#watch;
    const sessions = this.#options.sessions - taken;
    if (sessions > 0) return Connection.open({ ...this.#options, sessions });
    throw new TokenError("token", `Cannot use the token: ${taken} calls have not come back`);
  }

  async #useOnce<T>(
    connection: Connection,
    work: (session: TokenSession) => Promise<T>,
  ): Promise<T> {
    const { objects, found } = connection;
    const result = await connection.use((session) => work({ session, objects, found }));
    if (this.#connection === connection) this.#isProven = true;
    return result;
  }

  /** The connection that an attempt makes which is going on now. @throws {StatusError} If it makes none. */
  async #awaitConnection(): Promise<Connection> {
    if (this.#mending !== undefined) await settledWithin(this.#mending, PATIENCE_MS);
    if (this.#connection !== undefined) return this.#connection;
    throw unavailable(this.#state);
  }

  /**
   * @returns Whether the same work may succeed now.
   * @throws {StatusError} If the token is away.
   */
  async #mend(connection: Connection, error: unknown): Promise<boolean> {
    const fault = this.#faultOf(error);
    if (fault === undefined) return false;
    if (fault === "operation") return true; // the session has been closed
    if (fault === "object") {
      connection.objects.forgetAll();
      return true;
    }
    const isLost = await this.#isLost(connection, fault);
    if (isLost && this.#connection === connection) this.#lose(connection, fault, error);
    if (this.#mending !== undefined) await settledWithin(this.#mending, PATIENCE_MS);
    if (this.#connection === undefined) throw unavailable(this.#state, { cause: error });
    return this.#connection !== connection;
  }

  /**
   * Whether a fault ends a connection. Clients can make some tokens say that they fail, so a token that works is
   * only left now and then: in case it works for everything but keys.
   */
  async #isLost(connection: Connection, fault: Fault): Promise<boolean> {
    if (fault !== "suspect" && fault !== "device" && fault !== "login") return true;
    if (this.#connection !== connection) return true;
    if (fault === "login" && !await connection.isLoggedIn()) return true;
    if (fault !== "login" && !await connection.isWorking()) return true;
    return fault !== "suspect" && performance.now() - this.#lostAt > RENEWAL_INTERVAL_MS;
  }

  /** Without a PIN nobody expects to be logged in. */
  #faultOf(error: unknown): Fault | undefined {
    if (error instanceof UnbegunError) return error.fault;
    if (error instanceof StuckError) return "token";
    if (!(error instanceof Pkcs11Error)) return undefined;
    const isNoFault = error.code === CKR.USER_NOT_LOGGED_IN && !this.#options.login.isExpected;
    return isNoFault ? undefined : faultOf(error);
  }

  #lose(lost: Connection, fault: Fault, error: unknown): void {
    this.#connection = undefined;
    this.#user.isContent = false;
    this.#lostAt = performance.now();
    const explanation = explain(error instanceof UnbegunError ? error.cause : error);
    this.#state = { kind: "recovering", ...explanation };
    this.#log.warn("Lost the token; getting it back", { reason: explanation.reason });
    this.#attempt({ lost, restart: fault === "module" || !this.#isProven });
  }

  #attempt(plan: Plan): void {
    this.#attempts++;
    const mending = this.#reconnect(plan)
      .catch((error) => this.#fail(error))
      .finally(() => {
        if (this.#mending === mending) this.#mending = undefined;
      });
    this.#mending = mending;
  }

  #attemptLater(plan: Plan, pauseMs: number): void {
    if (this.#isDisposed) return;
    this.#timer = setTimeout(() => this.#attempt(plan), pauseMs);
    Deno.unrefTimer(this.#timer);
  }

  #growingPause(): number {
    const pauseMs = FIRST_PAUSE_MS * 2 ** Math.max(0, this.#attempts - 1);
    return Math.min(pauseMs, LONGEST_PAUSE_MS);
  }

  /** @throws {TokenError} {Pkcs11Error} If the token can't be had now. */
  async #reconnect({ lost, restart }: Plan): Promise<void> {
    const { shared } = this.#options;
    const generation = lost?.generation ?? shared.generation;
    await lost?.retire();
    if (!restart) {
      try {
        const connection = await this.#connect();
        if (await connection.isWorking()) return this.#become(connection);
        await connection.retire();
      } catch (error) {
        if (isPinProblem(error)) throw error;
        this.#log.debug("The token is not there without a restart of its module", {}, { error });
      }
    }
    const canRestart = this.#watch.taken === 0 && await shared.isRestartHarmless(this.#user);
    if (canRestart) await this.#restart(generation);
    const connection = await this.#connect();
    if (await connection.isWorking()) return this.#become(connection);
    await connection.retire();
    throw new TokenError("token", "Cannot use the token: it is there and does not work");
  }

  /** Without it, if a call is stuck in the module: it may be the only thing that does not work. */
  async #restart(generation: number): Promise<void> {
    const { shared } = this.#options;
    const isDone = await initialising(shared, () => shared.restart(generation, GRACE_MS));
    if (!isDone) this.#log.warn("A call to the module has not come back, so it can't be restarted");
  }

  #become(connection: Connection): void {
    if (this.#attempts > 0) this.#log.warn("The token is back", { attempts: this.#attempts });
    this.#options.onConnect(connection);
    this.#attempts = 0;
    this.#isProven = false;
    this.#connection = connection;
    this.#user.isContent = true;
    this.#state = { kind: "ready" };
  }

  #fail(error: unknown): void {
    if (this.#isDisposed) return;
    const before = this.#state;
    const isRefused = isPinProblem(error);
    const { reason, status } = explain(error);
    this.#state = { kind: isRefused ? "pin_refused" : "recovering", reason, status };
    const pauseMs = isRefused ? PIN_PAUSE_MS : this.#growingPause();
    this.#attemptLater({ restart: !isRefused }, pauseMs);
    const isNews = !("reason" in before && before.reason === reason);
    if (isNews) this.#log.error("The token can't be used", { reason, retry_ms: pauseMs });
  }
}
