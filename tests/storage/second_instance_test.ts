import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openKeyInfoManager } from "../../src/key_info/sqlite_key_info_manager.ts";
import { recordingLogger } from "../fakes/recording_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { SCRIPT } from "./holder_child.ts";

interface Answer {
  readonly opened: boolean;
  readonly problem?: string;
  readonly message?: string;
}

/** A process that opens the store when told to and holds it until it is ended. */
class Holder implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(path: string) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-all", fileURLToPath(SCRIPT), path],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#process.stdout.pipeThrough(new TextDecoderStream()).values();
  }

  static async start(path: string): Promise<Holder> {
    const holder = new Holder(path);
    assert.deepEqual(await holder.#read(), { ready: true });
    return holder;
  }

  async open(): Promise<Answer> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(Uint8Array.of(0));
    writer.releaseLock();
    return await this.#read() as Answer;
  }

  async #read(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("The process ended without an answer");
    return JSON.parse(value);
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stdin.close().catch(() => {}); // closed already where the process was killed
    await this.#lines.return?.();
    await this.#process.status;
  }
}

Deno.test("a second process is refused a store that the first holds, until the first is gone", async () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  await using first = await Holder.start(path);
  assert.deepEqual(await first.open(), { opened: true });

  await using second = await Holder.start(path);
  assert.deepEqual(await second.open(), {
    opened: false,
    problem: "in_use",
    message: `Cannot open the key info store: another parsec is using ${path}, one process at a ` +
      "time may; stop the other one, or give this one a path of its own",
  });

  await first.kill();
  await using third = await Holder.start(path);
  assert.deepEqual(await third.open(), { opened: true });
});

Deno.test("of two processes that open a new store at the same moment one gets it", async () => {
  for (let round = 0; round < 3; round++) {
    using temp = new TempFolder();
    const path = temp.file("store");
    await using a = await Holder.start(path);
    await using b = await Holder.start(path);
    const answers = await Promise.all([a.open(), b.open()]);
    assert.deepEqual(
      answers.map(({ opened, problem }) => opened ? "opened" : problem).sort(),
      ["in_use", "opened"],
    );
  }
});

Deno.test("a process that looks into the file for a moment doesn't keep the store from opening", async () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  const look = `
    import { DatabaseSync } from "node:sqlite";
    const database = new DatabaseSync(Deno.args[0]);
    database.exec("BEGIN; SELECT * FROM sqlite_schema;");
    Deno.stdout.writeSync(Uint8Array.of(0));
    setTimeout(() => database.close(), 30);`;
  const looking = new Deno.Command(Deno.execPath(), {
    args: ["eval", look, path],
    stdout: "piped",
  }).spawn();
  for await (const _locked of looking.stdout.values({ preventCancel: true })) {
    openKeyInfoManager({ path, log: recordingLogger() })[Symbol.dispose]();
    break;
  }
  await looking.stdout.cancel();
  assert.equal((await looking.status).code, 0);
});
