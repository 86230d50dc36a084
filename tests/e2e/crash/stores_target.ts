/** The stores alone as something to crash: no socket, no cryptography, and so more changes a second. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { CrashTarget, RunningTarget } from "./crash_rounds.ts";
import { lines } from "./lines.ts";
import { type Command, SCRIPT } from "./stores_child.ts";

export class StoresTarget implements CrashTarget, AsyncDisposable {
  readonly #folder: string;
  /** Started ahead of need: starting a process takes longer than a round. */
  #next = new StoresProcess();

  /** @param folder For the stores. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<RunningTarget> {
    const process = this.#next;
    this.#next = new StoresProcess();
    const settled = await process.ask(["open", this.#folder]);
    return {
      settled: Number(settled),
      create: async (name) => assert.equal(await process.ask(["create", name]), "done"),
      destroy: async (name) => assert.equal(await process.ask(["destroy", name]), "done"),
      workingKeys: async () => await process.ask(["keys"]) as readonly string[],
      kill: () => process.kill(),
      stop: () => process.stop(),
    };
  }

  assertNoOrphans(): Promise<void> {
    assertNoOrphans({
      keyInfo: `${this.#folder}/key-info.sqlite3`,
      keys: `${this.#folder}/software-keys.sqlite3`,
    });
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#next.kill();
  }
}

/** Every key is in both stores and settled; with no process that holds them. */
export function assertNoOrphans(paths: { readonly keyInfo: string; readonly keys: string }): void {
  const known = column(paths.keyInfo, "SELECT key_id AS id FROM keys WHERE state = 'ready'");
  const all = column(paths.keyInfo, "SELECT key_id AS id FROM keys");
  const stored = column(paths.keys, "SELECT key_id AS id FROM key_material");
  assert.deepEqual(known, all, "a key is unsettled");
  assert.deepEqual(stored, known, "a key is in one place only");
}

function column(path: string, sql: string): readonly string[] {
  using database = new DatabaseSync(path, { readOnly: true });
  return database.prepare(sql).all().map(({ id }) => {
    assert(id instanceof Uint8Array);
    return id.toHex();
  }).sort();
}

/** One process of `stores_child.ts`. */
class StoresProcess {
  readonly #process: Deno.ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;

  constructor() {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-all", fileURLToPath(SCRIPT)],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#answers = lines(this.#process.stdout);
    this.#commands = this.#process.stdin.getWriter();
  }

  async ask(command: Command): Promise<unknown> {
    await this.#commands.write(new TextEncoder().encode(JSON.stringify(command) + "\n"));
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("The process is gone");
    return JSON.parse(value);
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#end();
  }

  async stop(): Promise<void> {
    await this.#commands.close();
    const { code } = await this.#end();
    assert.equal(code, 0);
  }

  async #end(): Promise<Deno.CommandStatus> {
    const status = await this.#process.status;
    await this.#answers.return?.();
    await this.#commands.abort().catch(() => {}); // what was not read yet is lost with the process
    return status;
  }
}
