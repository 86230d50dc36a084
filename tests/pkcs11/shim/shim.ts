/**
 * A module in front of SoftHSM that spoils its calls (`shim.c`), and what it is told to spoil. Like SoftHSM it
 * is configured by the environment of this process.
 */
import { fileURLToPath } from "node:url";
import { CKR } from "../../../ffi/pkcs11/mod.ts";
import type { FunctionName } from "../../../ffi/pkcs11/mod.ts";
import { run } from "../../setup/run_command.ts";
import { SOFTHSM_MODULE } from "../softhsm.ts";

const SOURCE = fileURLToPath(new URL("./shim.c", import.meta.url));
const VARIABLES = {
  module: "PARSEC_SHIM_MODULE",
  orders: "PARSEC_SHIM_ORDERS",
  log: "PARSEC_SHIM_LOG",
} as const;

/** Any number of calls. */
export const ALWAYS = -1;

export class Shim implements AsyncDisposable {
  readonly #folder: string;
  #orders: readonly string[] = [];
  #count = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param moduleBehind The module it is in front of. */
  static async build(moduleBehind: string = SOFTHSM_MODULE): Promise<Shim> {
    const shim = new Shim(await Deno.makeTempDir({ prefix: "parsec-shim-" }));
    const options = ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"];
    await run("gcc", [
      ...options,
      "-I/usr/include/p11-kit-1",
      "-o",
      shim.path,
      SOURCE,
      "-ldl",
      "-lpthread",
    ]);
    Deno.env.set(VARIABLES.module, moduleBehind);
    Deno.env.set(VARIABLES.orders, shim.#ordersPath);
    Deno.env.set(VARIABLES.log, shim.#logPath);
    shim.behave();
    return shim;
  }

  /** Of the module. */
  get path(): string {
    return `${this.#folder}/shim.so`;
  }

  /** Whatever it was told is over, and the calls counted so far are forgotten. */
  behave(): void {
    this.#write([]);
    Deno.writeTextFileSync(this.#logPath, "");
  }

  /** The next calls of a function return something without doing anything. */
  fail(name: FunctionName, code: keyof typeof CKR | number, count: number = ALWAYS): void {
    const value = typeof code === "number" ? code : CKR[code];
    this.#add(`fail ${name} 0x${value.toString(16)} ${count}`);
  }

  /** The next calls of a function do what they do, and return something else. */
  failAfterwards(name: FunctionName, code: keyof typeof CKR, count: number = ALWAYS): void {
    this.#add(`after ${name} 0x${CKR[code].toString(16)} ${count}`);
  }

  delay(name: FunctionName, ms: number): void {
    this.#add(`delay ${name} ${ms}`);
  }

  /** A function says that it has written so many bytes. */
  claimLength(name: FunctionName, length: number): void {
    this.#add(`length ${name} ${length}`);
  }

  /** Pulls the token out of this slot, or out of all. */
  remove(slot?: bigint): void {
    this.#add(slot === undefined ? "remove" : `remove 0x${slot.toString(16)}`);
  }

  /** The token has forgotten who is logged in. */
  logOut(): void {
    this.#add("logout");
    this.fail("C_Sign", "USER_NOT_LOGGED_IN");
  }

  /** @param flags CKF_* of CK_TOKEN_INFO that are set. */
  setTokenFlags(flags: number): void {
    this.#add(`flags 0x${flags.toString(16)} 0x0`);
  }

  /** @param flags CKF_* of CK_SLOT_INFO that are set. */
  setSlotFlags(flags: number): void {
    this.#add(`slotflags 0x${flags.toString(16)}`);
  }

  /** The functions that have been called since `behave`, in order. */
  get calls(): readonly string[] {
    return Deno.readTextFileSync(this.#logPath).split("\n").slice(0, -1);
  }

  /** How often a function has been called since `behave`. */
  callsOf(name: FunctionName): number {
    return this.calls.filter((each) => each === name).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const variable of Object.values(VARIABLES)) Deno.env.delete(variable);
    await Deno.remove(this.#folder, { recursive: true });
  }

  get #ordersPath(): string {
    return `${this.#folder}/orders`;
  }

  get #logPath(): string {
    return `${this.#folder}/log`;
  }

  /** No two lines are alike: by them it counts what it has done already. */
  #add(order: string): void {
    this.#write([...this.#orders, `${order} #${this.#count++}`]);
  }

  /** In one step: the shim may be reading. */
  #write(orders: readonly string[]): void {
    this.#orders = orders;
    const fresh = `${this.#ordersPath}.new`;
    Deno.writeTextFileSync(fresh, orders.map((order) => `${order}\n`).join(""));
    Deno.renameSync(fresh, this.#ordersPath);
  }
}
