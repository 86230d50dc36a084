/**
 * A TPM that is reached: the connection, the session that protects what goes over the bus, and what is loaded.
 * All of it is lost together, when the TPM or the way to it restarts; then another one takes its place
 * (`tpm_connection.ts`).
 *
 * It serves one command at a time. Its user takes turns, and calls {@linkcode Tpm.endTurn} at the end of each.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import {
  closeObject,
  createPrimary,
  encodePublicArea,
  type EsysContext,
  type EsysHierarchy,
  type EsysObject,
  type EsysSession,
  evictPersistent,
  flushContext,
  flushTpmHandle,
  getLoadedHandles,
  OWNER,
  PASSWORD,
  persistentObject,
  type PublicArea,
  readStarts,
  setAuth,
  setSessionEncryption,
  startAuthSession,
  type Starts,
  tpmHandleOf,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import type { Logger } from "../../src/log.ts";
import type { Capabilities } from "./capabilities.ts";
import { isContextGap, isFull, isFullOfSessions, isLost } from "./failures.ts";
import { LoadedObjects, type ObjectKind } from "./loaded_objects.ts";
import { type Clock, patiently } from "./patience.ts";

/** How often room is made or waited for. Others that use the TPM, the kernel among them, need its memory for a moment. */
const MOST_ATTEMPTS = 10;
const FULL_PAUSE_MS = 50;

export interface TpmParts {
  readonly context: EsysContext;
  readonly capabilities: Capabilities;
  /** As it was when the connection was opened. */
  readonly starts: Starts;
  readonly clock: Clock;
  readonly log: Logger;
  /** Loads the root key that the session is salted with. */
  readonly saltKey: (tpm: Tpm) => Promise<EsysObject>;
}

export class Tpm implements Disposable {
  readonly context: EsysContext;
  readonly capabilities: Capabilities;
  readonly #parts: TpmParts;
  readonly #objects: LoadedObjects;
  /** Persistent objects that ESYS knows of in the turn at hand. */
  readonly #borrowed = new Set<EsysObject>();
  /** The one of {@linkcode Tpm.secured}. */
  #session: EsysSession | undefined;
  /** It, and those of the work at hand. */
  readonly #sessions = new Set<EsysSession>();
  #isAbandoned = false;

  constructor(parts: TpmParts) {
    this.context = parts.context;
    this.capabilities = parts.capabilities;
    this.#parts = parts;
    this.#objects = new LoadedObjects(
      parts.capabilities.objectSlots,
      (object) => this.#patiently(() => flushContext(this.context, object)),
    );
  }

  /** A command that needs no auth value, carries no secret, and whose answer nobody gains by forging. */
  plain<T>(run: (context: EsysContext) => Promise<T>): Promise<T> {
    return this.#withRoom(() => run(this.context));
  }

  /**
   * A command under the salted session: it proves auth values without sending them, encrypts the first
   * parameter of the request and of the answer, and lets nobody on the bus change either.
   */
  secured<T>(run: (context: EsysContext, session: EsysSession) => Promise<T>): Promise<T> {
    return this.#withRoom(async () => await run(this.context, await this.#openSession()));
  }

  /** An object under its name: the loaded one, else `load` is asked for it. It stays loaded for this turn. */
  async object(
    name: string,
    kind: ObjectKind,
    load: () => Promise<EsysObject>,
  ): Promise<EsysObject> {
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    await this.#objects.makeRoom();
    const object = await load();
    this.#objects.add(name, object, kind);
    return object;
  }

  /** An object that is not needed any more in this turn. */
  release(name: string): void {
    this.#objects.unpin(name);
  }

  /** Flushes an object, if it is loaded. */
  unload(name: string): Promise<void> {
    return this.#objects.remove(name);
  }

  /** Forgets an object that a command has removed. */
  forget(name: string): void {
    this.#objects.drop(name);
  }

  /**
   * What is at a persistent handle, for this turn: in the next, something else may be. It takes no room of
   * ours.
   *
   * @throws {Tss2Error} TPM_RC_HANDLE if there is nothing.
   */
  async persistent(handle: number): Promise<EsysObject> {
    const object = await this.plain((context) => persistentObject(context, handle));
    this.#borrowed.add(object);
    return object;
  }

  /** Removes a persistent object from the TPM, as its owner may. */
  async evict(object: EsysObject, handle: number): Promise<void> {
    await this.secured((context, session) =>
      evictPersistent(context, [session], OWNER, { object, handle })
    );
    this.#borrowed.delete(object);
  }

  /** A primary object of a hierarchy whose auth value ESYS knows. */
  async primary(
    hierarchy: EsysHierarchy,
    hierarchyAuth: Secret | undefined,
    template: PublicArea,
  ): Promise<EsysObject> {
    const wire = encodePublicArea(template);
    const isEmpty = (hierarchyAuth?.expose().length ?? 0) === 0;
    const create = (session: EsysSession) =>
      this.plain((context) => createPrimary(context, [session], hierarchy, wire));
    if (isEmpty) return await create(PASSWORD);
    return await this.#withUnsaltedSession(create);
  }

  /** What is loaded may be flushed again. */
  endTurn(): void {
    this.#objects.unpinAll();
    for (const object of this.#borrowed) closeObject(this.context, object);
    this.#borrowed.clear();
  }

  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** Lets go of the session: one that is kept idle for long is in the way of others' sessions. */
  async closeSession(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    await this.#flushSession(session);
  }

  /** A policy session, for the time of one piece of work. */
  async withPolicySession<T>(work: (policy: EsysSession) => Promise<T>): Promise<T> {
    const session = await this.#withRoom(() => this.#startSession({ type: "policy" }));
    return await this.#using(session, work);
  }

  /** Removes all that is loaded; for an orderly end. */
  async clear(): Promise<void> {
    this.endTurn();
    while (await this.#objects.evict());
    await this.closeSession();
  }

  /**
   * Whether an error means that the TPM, or the way to it, is not what it was: everything in its memory is gone.
   * After a reset that nobody told of, our old handles may be those of our newer objects, so that any error may come of
   * it; the TPM itself knows.
   */
  async isLoss(error: unknown): Promise<boolean> {
    if (isLost(error)) return true;
    if (!(error instanceof Tss2Error) || error.response.tpm === undefined) return false;
    return await this.hasRestarted();
  }

  /** Whether the TPM was reset since it was opened, or is away. */
  async hasRestarted(): Promise<boolean> {
    try {
      const { resets, restarts } = await readStarts(this.context);
      return resets !== this.#parts.starts.resets || restarts !== this.#parts.starts.restarts;
    } catch (another) {
      return isLost(another);
    }
  }

  /** Refuses all further commands: who asked for them is gone, and what they would work on. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  /** Drops the connection, whatever state the TPM is in. */
  [Symbol.dispose](): void {
    this.#borrowed.clear();
    this.context[Symbol.dispose]();
  }

  /**
   * The session, ready for a command. ESYS takes encryption off a session, for good, with each command that has
   * nothing to encrypt: so it is put on before each one.
   */
  async #openSession(): Promise<EsysSession> {
    if (this.#session === undefined) {
      const salt = await this.#parts.saltKey(this);
      this.#session = await this.#startSession({ type: "hmac", salt });
    }
    setSessionEncryption(this.context, this.#session, { request: true, response: true });
    return this.#session;
  }

  /** Proves a hierarchy's auth value before there is a key to salt a session with. */
  async #withUnsaltedSession<T>(work: (session: EsysSession) => Promise<T>): Promise<T> {
    const session = await this.#withRoom(() => this.#startSession({ type: "hmac" }));
    return await this.#using(session, work);
  }

  async #using<T>(session: EsysSession, work: (session: EsysSession) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work(session);
    } catch (error) {
      await this.#flushQuietly(session);
      throw error;
    }
    await this.#flushSession(session);
    return result;
  }

  #flushSession(session: EsysSession): Promise<void> {
    this.#sessions.delete(session);
    return this.#patiently(() => flushContext(this.context, session));
  }

  /** The error that ended the work matters; a session that can't be flushed after it is lost with the TPM. */
  async #flushQuietly(session: EsysSession): Promise<void> {
    try {
      await this.#flushSession(session);
    } catch (error) {
      this.#parts.log.debug("A session of the TPM could not be flushed", {}, { error });
    }
  }

  async #startSession(
    options: { readonly type: "hmac" | "policy"; readonly salt?: EsysObject },
  ): Promise<EsysSession> {
    const session = await startAuthSession(this.context, options);
    this.#sessions.add(session);
    return session;
  }

  /** Runs a command; where the TPM has no room for it, room is made, or waited for. */
  async #withRoom<T>(run: () => Promise<T>): Promise<T> {
    for (let attempts = 1;; attempts++) {
      try {
        return await this.#patiently(run);
      } catch (error) {
        if (!isOutOfRoom(error) || attempts === MOST_ATTEMPTS) throw error;
        if (await this.#makeRoom(error)) continue;
      }
      await this.#parts.clock.sleep(FULL_PAUSE_MS);
    }
  }

  /** @returns Whether there is more room now than when the command failed. */
  async #makeRoom(error: unknown): Promise<boolean> {
    if (isFull(error)) return await this.#objects.evict() || await this.#flushLeftovers("objects");
    if (isContextGap(error) && this.#session !== undefined) {
      await this.closeSession();
      return true;
    }
    return await this.#flushLeftovers("sessions");
  }

  /**
   * Flushes what is in the TPM and not ours: without a resource manager nobody else does it after a process
   * was killed. (With one, we only see our own.)
   */
  async #flushLeftovers(kind: "objects" | "sessions"): Promise<boolean> {
    const handles = kind === "objects" ? this.#objects.all() : [...this.#sessions];
    const ours = new Set(handles.map((each) => tpmHandleOf(this.context, each)));
    const loaded = await getLoadedHandles(this.context, kind);
    const leftovers = loaded.filter((handle) => !ours.has(handle));
    for (const handle of leftovers) await flushTpmHandle(this.context, handle);
    if (leftovers.length > 0) {
      this.#parts.log.warn("Flushed what nobody had removed from the TPM", {
        kind,
        count: leftovers.length,
      });
    }
    return leftovers.length > 0;
  }

  #patiently<T>(run: () => Promise<T>): Promise<T> {
    return patiently(() => {
      if (!this.#isAbandoned) return run();
      throw new TypeError("Cannot use the TPM: nobody waits for it any more");
    }, this.#parts.clock);
  }
}

/** Tells ESYS a hierarchy's auth value. */
export function setHierarchyAuth(
  context: EsysContext,
  hierarchy: EsysHierarchy,
  auth: Secret | undefined,
): void {
  if (auth !== undefined) setAuth(context, hierarchy, auth.expose());
}

function isOutOfRoom(error: unknown): boolean {
  return isFull(error) || isFullOfSessions(error) || isContextGap(error);
}
