/**
 * A PKCS#11 module: the library of one vendor, loaded once and never closed. It is initialised and finalised
 * for the whole process, so whoever shares it has to agree about that.
 */
import { Arena } from "../runtime/arena.ts";
import { encodeCString } from "../runtime/cstring.ts";
import { LibraryError, loadLibrary } from "../runtime/library.ts";
import { bindCalls, type BoundCalls, type Calls } from "./calls.ts";
import { CKF, UNAVAILABLE } from "./constants.ts";
import { check, Pkcs11AnswerError, Pkcs11Error } from "./errors.ts";
import { type FunctionList, readFunctionList, readInterface } from "./function_list.ts";
import {
  decodeMechanismInfo,
  decodeModuleInfo,
  decodeSlotInfo,
  decodeTokenInfo,
  type MechanismInfo,
  type ModuleInfo,
  type SlotInfo,
  type TokenInfo,
} from "./info.ts";
import { type Pace, UNHURRIED } from "./pace.ts";
import { CKR, returnValueName } from "./return_values.ts";
import { Session } from "./session.ts";
import { ENTRY_POINTS } from "./symbols.ts";
import {
  CK_C_INITIALIZE_ARGS,
  CK_INFO,
  CK_MECHANISM_INFO,
  CK_SLOT_INFO,
  CK_TOKEN_INFO,
} from "./types.ts";

/** More slots or mechanisms than any module has. */
const MAX_COUNT = 4096;

const WITH_TOKEN = 1;

/** NSS's CK_C_INITIALIZE_ARGS has its text where the standard has pReserved, which it moves down, bytes. */
const NSS_EXTRA = 8;

export interface InitialiseOptions {
  /** For modules that want a text where the standard has NULL: NSS. */
  readonly reserved?: string | undefined;
}

/** Every call that may reach a device runs on another thread. */
export class Pkcs11Module {
  readonly path: string;
  /** Of the interface it offers: major, minor. */
  readonly version: readonly [number, number];
  readonly #bound: BoundCalls;

  constructor(path: string, list: FunctionList) {
    this.path = path;
    this.version = list.version;
    this.#bound = bindCalls(path, list);
  }

  /**
   * C_Initialize.
   *
   * @returns Whether this call did it: the module may be initialised already, by somebody in this process.
   * @throws {Pkcs11Error} CKR_CANT_LOCK if it can't be used by several threads.
   */
  async initialise({ reserved }: InitialiseOptions = {}): Promise<boolean> {
    using arena = new Arena();
    const text = reserved === undefined ? null : Deno.UnsafePointer.of(arena.cstring(reserved));
    const args = arena.alloc(CK_C_INITIALIZE_ARGS.size + NSS_EXTRA);
    args.set(CK_C_INITIALIZE_ARGS.encode({
      CreateMutex: null,
      DestroyMutex: null,
      LockMutex: null,
      UnlockMutex: null,
      flags: BigInt(CKF.OS_LOCKING_OK),
      pReserved: text,
    }));
    const result = await this.#calls.C_Initialize(args);
    if (result === BigInt(CKR.CRYPTOKI_ALREADY_INITIALIZED)) return false;
    check("C_Initialize", result);
    return true;
  }

  /** C_Finalize. All sessions are gone, and nobody may be inside the module. */
  async finalise(): Promise<void> {
    const result = await this.#calls.C_Finalize(null);
    if (result !== BigInt(CKR.CRYPTOKI_NOT_INITIALIZED)) check("C_Finalize", result);
  }

  async info(): Promise<ModuleInfo> {
    const memory = new Uint8Array(CK_INFO.size);
    check("C_GetInfo", await this.#calls.C_GetInfo(memory));
    return decodeModuleInfo(memory);
  }

  /** The slots that have a token, initialised or not; also makes the module look again. */
  slotsWithToken(): Promise<readonly bigint[]> {
    return this.#slots(WITH_TOKEN);
  }

  /** All slots. */
  slots(): Promise<readonly bigint[]> {
    return this.#slots(0);
  }

  async slotInfo(slot: bigint): Promise<SlotInfo> {
    const memory = new Uint8Array(CK_SLOT_INFO.size);
    check("C_GetSlotInfo", await this.#calls.C_GetSlotInfo(slot, memory));
    return decodeSlotInfo(memory);
  }

  async tokenInfo(slot: bigint): Promise<TokenInfo> {
    const memory = new Uint8Array(CK_TOKEN_INFO.size);
    check("C_GetTokenInfo", await this.#calls.C_GetTokenInfo(slot, memory));
    return decodeTokenInfo(memory);
  }

  /** The mechanisms of the token in a slot, CKM_*. */
  async mechanisms(slot: bigint): Promise<readonly number[]> {
    const call = (list: BigUint64Array<ArrayBuffer> | null, count: BigUint64Array<ArrayBuffer>) =>
      this.#calls.C_GetMechanismList(slot, list, count);
    return (await readList("C_GetMechanismList", call)).map(Number);
  }

  /** @returns `undefined` where the token won't tell, although it listed the mechanism. */
  async mechanismInfo(slot: bigint, type: number): Promise<MechanismInfo | undefined> {
    const memory = new Uint8Array(CK_MECHANISM_INFO.size);
    const result = await this.#calls.C_GetMechanismInfo(slot, BigInt(type), memory);
    if (result === BigInt(CKR.MECHANISM_INVALID)) return undefined;
    check("C_GetMechanismInfo", result);
    return decodeMechanismInfo(memory);
  }

  /** Opens a session that may write; that may only read where the token can't be written. */
  async openSession(slot: bigint, pace: Pace = UNHURRIED): Promise<Session> {
    const handle = new BigUint64Array(1);
    const open = (flags: number) =>
      this.#calls.C_OpenSession(slot, BigInt(CKF.SERIAL_SESSION | flags), null, null, handle);
    let result = await open(CKF.RW_SESSION);
    if (result === BigInt(CKR.TOKEN_WRITE_PROTECTED)) result = await open(0);
    check("C_OpenSession", result);
    return new Session(this.#bound, checkedHandle("C_OpenSession", handle), pace);
  }

  get #calls(): Calls {
    return this.#bound.elsewhere;
  }

  #slots(tokenPresent: number): Promise<readonly bigint[]> {
    return readList(
      "C_GetSlotList",
      (list, count) => this.#calls.C_GetSlotList(tokenPresent, list, count),
    );
  }
}

type ListCall = (
  list: BigUint64Array<ArrayBuffer> | null,
  count: BigUint64Array<ArrayBuffer>,
) => bigint | Promise<bigint>;

/** Asks how many there are, then for all; again if more have come in between. */
async function readList(functionName: string, call: ListCall): Promise<readonly bigint[]> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const count = new BigUint64Array(1);
    check(functionName, await call(null, count));
    const expected = checkedCount(functionName, count);
    if (expected === 0) return [];
    const list = new BigUint64Array(expected);
    const result = await call(list, count);
    if (result === BigInt(CKR.BUFFER_TOO_SMALL)) continue;
    check(functionName, result);
    const found = checkedCount(functionName, count);
    if (found > expected) {
      throw new Pkcs11AnswerError(functionName, `${found} entries`, `${expected} at most`);
    }
    return [...list.subarray(0, found)];
  }
  throw new Pkcs11Error(functionName, CKR.BUFFER_TOO_SMALL);
}

function checkedCount(functionName: string, count: BigUint64Array): number {
  const found = count[0] ?? 0n;
  if (found <= BigInt(MAX_COUNT)) return Number(found);
  throw new Pkcs11AnswerError(functionName, `${found} entries`, `${MAX_COUNT} at most`);
}

/** A handle that C has written; 0 is none (CK_INVALID_HANDLE). */
function checkedHandle(functionName: string, cell: BigUint64Array): bigint {
  const handle = cell[0] ?? 0n;
  if (handle !== 0n && handle !== UNAVAILABLE) return handle;
  throw new Pkcs11AnswerError(functionName, "no handle of a session", "one");
}

const loaded = new Map<string, Pkcs11Module>();

/**
 * The module at a path; the same object for the same path, for the life of the process. It is not initialised.
 *
 * @throws {LibraryError} If it can't be loaded, or is no PKCS#11 module of version 2 or 3.
 */
export function loadModule(path: string): Pkcs11Module {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const module = new Pkcs11Module(path, findFunctionList(path));
  loaded.set(path, module);
  return module;
}

/** Of the standard; the default one may be a vendor's, with other functions. */
const INTERFACE_NAME = encodeCString("PKCS 11");

/** v3.0's interface where the module has it, else the list that every module has. */
function findFunctionList(path: string): FunctionList {
  const { C_GetFunctionList, C_GetInterface } = loadLibrary(path, ENTRY_POINTS);
  const cell = new BigUint64Array(1);
  if (C_GetInterface !== null && C_GetInterface(INTERFACE_NAME, null, cell, 0n) === 0n) {
    const address = Deno.UnsafePointer.create(cell[0] ?? 0n);
    const list = address === null ? undefined : readInterface(address);
    if (list !== undefined) return supported(path, list);
  }
  const result = C_GetFunctionList(cell);
  if (result !== 0n) {
    throw new LibraryError(
      path,
      `Cannot use ${path}: C_GetFunctionList says ${returnValueName(Number(result))}`,
    );
  }
  const address = Deno.UnsafePointer.create(cell[0] ?? 0n);
  if (address === null) {
    throw new LibraryError(path, `Cannot use ${path}: C_GetFunctionList gave no list`);
  }
  return supported(path, readFunctionList(address));
}

function supported(path: string, list: FunctionList): FunctionList {
  const [major, minor] = list.version;
  if (major === 2 || major === 3) return list;
  throw new LibraryError(
    path,
    `Cannot use ${path}: found PKCS#11 version ${major}.${minor}, wanted 2 or 3`,
  );
}
