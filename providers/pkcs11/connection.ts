/** A token in use: the slot it is in, a pool of logged-in sessions, what it can do, where its objects are. */
import {
  CKF,
  fillRandom,
  type MechanismInfo,
  Pkcs11Error,
  type Session,
  type TokenInfo,
  UNHURRIED,
} from "../../ffi/pkcs11/mod.ts";
import type { Logger } from "../../src/log.ts";
import { faultOf } from "./faults.ts";
import { KeyObjects } from "./key_objects.ts";
import type { Login } from "./login.ts";
import { MeasuredPace } from "./pace.ts";
import { type Quirks, quirksOf } from "./quirks.ts";
import { openSessions, type SessionPool, UnbegunError } from "./session_pool.ts";
import type { SharedModule } from "./shared_module.ts";
import { TokenError } from "./token_error.ts";
import { chooseToken, type FoundToken, listSlots, type TokenChoice } from "./token_choice.ts";

/** Random bytes that show that a token works. */
const PROBE_BYTES = 8;

/** The mechanisms of a token, by CKM_*. */
export type Mechanisms = ReadonlyMap<number, MechanismInfo>;

export interface ConnectionOptions {
  readonly shared: SharedModule;
  readonly choice: TokenChoice;
  readonly login: Login;
  /** Most sessions at once. */
  readonly sessions: number;
  readonly log: Logger;
}

export class Connection {
  readonly found: FoundToken;
  readonly mechanisms: Mechanisms;
  readonly quirks: Quirks;
  readonly objects: KeyObjects;
  readonly #shared: SharedModule;
  /** Of the module, when the connection was made. */
  readonly generation: number;
  readonly #pool: SessionPool;

  private constructor(
    { shared, login }: ConnectionOptions,
    found: FoundToken,
    mechanisms: Mechanisms,
    pool: SessionPool,
  ) {
    this.found = found;
    this.mechanisms = mechanisms;
    this.quirks = quirksOf(found.token, shared.module.path);
    this.objects = new KeyObjects({
      isLoginExpected: login.isExpected,
      isLoginNeeded: (found.token.flags & CKF.LOGIN_REQUIRED) !== 0,
      areThreadSafe: this.quirks.objectsAreThreadSafe,
    });
    this.#shared = shared;
    this.generation = shared.generation;
    this.#pool = pool;
  }

  /** @throws {TokenError} {Pkcs11Error} */
  static open(options: ConnectionOptions): Promise<Connection> {
    const { shared, choice, login, sessions, log } = options;
    const { module } = shared;
    return shared.run(async () => {
      const found = chooseToken(await listSlots(module), choice, log);
      const pace = isSoftware(found) ? new MeasuredPace() : UNHURRIED;
      const pool = await openSessions({
        open: () => module.openSession(found.slot, pace),
        most: sessions,
        prepare: (session) =>
          login.attempt(session, found.token, () => module.tokenInfo(found.slot)),
      });
      try {
        const mechanisms = await readMechanisms(shared, found.slot);
        return new Connection(options, found, mechanisms, pool);
      } catch (error) {
        await pool.retire();
        throw error;
      }
    });
  }

  get token(): TokenInfo {
    return this.found.token;
  }

  /** How many operations may run at once. */
  get size(): number {
    return this.#pool.size;
  }

  use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#shared.runIn(this.generation, () => this.#pool.use(work));
  }

  /** Whether the module believes that the user is logged in. */
  isLoggedIn(): Promise<boolean> {
    return this.use((session) => session.isUsers()).catch(() => false);
  }

  /** Whether the token works, in a new session, and is the one it was. */
  isWorking(): Promise<boolean> {
    return this.#shared.run(() => this.#requireWork().then(() => true, () => false));
  }

  /** @throws {Pkcs11Error} {TokenError} */
  async #requireWork(): Promise<void> {
    const { module } = this.#shared;
    const { serialNumber, flags } = await module.tokenInfo(this.found.slot);
    if (serialNumber !== this.token.serialNumber) {
      throw new TokenError("token", `Cannot use the token: found another, ${serialNumber}`);
    }
    await using session = await module.openSession(this.found.slot);
    if ((flags & CKF.RNG) !== 0) await fillRandom(session, new Uint8Array(PROBE_BYTES));
    else await session.state();
  }

  /** Closes what is still open. Whoever is at work finishes first. */
  async retire(): Promise<void> {
    try {
      await this.#shared.runIn(this.generation, () => this.#pool.retire());
    } catch (error) {
      if (!(error instanceof UnbegunError)) throw error;
      this.#pool.abandon(); // the module has been restarted
    }
  }
}

/** Whether a token is a program in this process: no device can keep it waiting. */
function isSoftware({ info: { isHardware, isRemovable } }: FoundToken): boolean {
  return !isHardware && !isRemovable;
}

async function readMechanisms({ module }: SharedModule, slot: bigint): Promise<Mechanisms> {
  const mechanisms = new Map<number, MechanismInfo>();
  for (const type of await module.mechanisms(slot)) {
    const info = await module.mechanismInfo(slot, type).catch(unlessFault);
    if (info !== undefined) mechanisms.set(type, info);
  }
  return mechanisms;
}

/** A mechanism of which a working token won't tell is one that it lacks. */
function unlessFault(error: unknown): undefined {
  const fault = error instanceof Pkcs11Error ? faultOf(error) : "token";
  if (fault !== undefined && fault !== "suspect") throw error;
}
