/**
 * One module for all providers that use it: C_Initialize and C_Finalize count for the whole process, and during
 * C_Finalize nobody may be inside.
 */
import {
  CKR,
  type InitialiseOptions,
  loadModule,
  Pkcs11Error,
  type Pkcs11Module,
} from "../../ffi/pkcs11/mod.ts";
import { Semaphore } from "../../ffi/runtime/semaphore.ts";
import { UnbegunError } from "./session_pool.ts";
import { settledWithin } from "./wait.ts";

/** A provider that uses a module. */
export interface ModuleUser {
  /** Whether it has what it wants of the module, and would lose it by a restart. */
  isContent: boolean;
}

export class SharedModule {
  readonly module: Pkcs11Module;
  /** Of the user who initialised it. */
  #options: InitialiseOptions = {};
  /** For what changes the state of the module: one at a time. */
  readonly #changing = new Semaphore(1);
  readonly #users = new Set<ModuleUser>();
  /** Whether C_Initialize has succeeded, and was ours: somebody else in this process may have been there before. */
  #state: "finalised" | "ours" | "somebody else's" = "finalised";
  #inside = 0;
  #generation = 0;
  /** Settled when the restart that is going on is done; calls wait for it. */
  #restart: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(module: Pkcs11Module) {
    this.module = module;
  }

  /** Grows with each C_Initialize: sessions and handles of an older generation are void. */
  get generation(): number {
    return this.#generation;
  }

  /** One more user, who initialises the module before he uses it, and leaves it in the end. */
  join(): ModuleUser {
    const user: ModuleUser = { isContent: false };
    this.#users.add(user);
    return user;
  }

  /**
   * C_Initialize, unless it has been done.
   *
   * @param options Those of the first who succeeds count for all.
   * @throws {Pkcs11Error}
   */
  initialise(options: InitialiseOptions): Promise<void> {
    return this.#changing.run(async () => {
      if (this.#state !== "finalised") return;
      await this.#initialise(options);
      this.#generation++;
    });
  }

  async #initialise(options: InitialiseOptions): Promise<void> {
    this.#options = options;
    this.#state = await this.module.initialise(options) ? "ours" : "somebody else's";
  }

  async #finalise(): Promise<void> {
    this.#state = "finalised";
    await this.module.finalise();
  }

  /**
   * Finalises the module after its last user, if it was initialised here.
   *
   * @param graceMs How long calls may take to come back. With one of them stuck the module stays as it is.
   */
  leave(user: ModuleUser, graceMs: number): Promise<void> {
    return this.#changing.run(async () => {
      this.#users.delete(user);
      if (this.#users.size > 0 || this.#state !== "ours") return;
      if (await settledWithin(this.#empty(), graceMs)) await this.#finalise();
    });
  }

  /** Whether a restart would take nothing from another user, content or not yet aware of what it has lost. */
  async isRestartHarmless(user: ModuleUser): Promise<boolean> {
    const isAlone = this.#state !== "somebody else's" &&
      [...this.#users].every((other) => other === user || !other.isContent);
    return isAlone || !await this.run(() => this.#isInitialised());
  }

  async #isInitialised(): Promise<boolean> {
    try {
      await this.module.slots();
      return true;
    } catch (error) {
      return !(error instanceof Pkcs11Error && error.code === CKR.CRYPTOKI_NOT_INITIALIZED);
    }
  }

  /**
   * As {@linkcode run}, for work with what the module has given out since it was initialised.
   *
   * @param generation When it did. After a restart the same numbers may be another token's.
   * @throws {UnbegunError} If it was before the last restart.
   */
  runIn<T>(generation: number, work: () => Promise<T>): Promise<T> {
    return this.run(() => {
      if (generation === this.#generation) return work();
      throw new UnbegunError("session");
    });
  }

  /** Does something with the module that no restart may disturb; waits for one that is going on. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    while (this.#restart !== undefined) await this.#restart;
    this.#inside++;
    try {
      return await work();
    } finally {
      this.#inside--;
      if (this.#inside === 0) this.#onEmpty?.();
    }
  }

  /**
   * C_Finalize and C_Initialize, once all calls have come back. Whoever calls it must not be inside.
   *
   * @param generation The one found broken; nothing is done if it is gone already.
   * @param graceMs How long calls may take to come back.
   * @returns Whether it is done. With a call stuck in the module it can't be; other calls may work nevertheless.
   * @throws {Pkcs11Error} If the module refuses.
   */
  restart(generation: number, graceMs: number): Promise<boolean> {
    return this.#changing.run(async () => {
      if (this.#generation !== generation) return true;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#restart = promise;
      try {
        if (!await settledWithin(this.#empty(), graceMs)) return false;
        await this.#finalise();
        this.#generation++;
        await this.#initialise(this.#options);
        return true;
      } finally {
        this.#restart = undefined;
        resolve();
      }
    });
  }

  /** Resolves when nobody is inside. */
  #empty(): Promise<void> {
    if (this.#inside === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }
}

const shared = new Map<string, SharedModule>();

/**
 * The module at a path, as all providers of this process share it; the same one under each of its paths.
 *
 * @throws {LibraryError} If it can't be loaded, or is no PKCS#11 module.
 */
export function shareModule(path: string): SharedModule {
  const name = realPath(path);
  const known = shared.get(name);
  if (known !== undefined) return known;
  const created = new SharedModule(loadModule(path));
  shared.set(name, created);
  return created;
}

/** The path itself where there is no such file: whoever loads it finds out why. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}
