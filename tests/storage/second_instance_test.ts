import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { TempFolder } from "../fakes/temp_folder.ts";

interface Answer {
  readonly opened: boolean;
  readonly problem?: string;
  readonly message?: string;
}

/** A process that opens the store and holds it until it is ended. */
class Holder implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly answer: Promise<Answer>;

  constructor(path: string) {
    const script = fileURLToPath(import.meta.resolve("./holder_child.ts"));
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-all", script, path],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.answer = this.#read();
  }

  async #read(): Promise<Answer> {
    for await (const chunk of this.#process.stdout.values({ preventCancel: true })) {
      return JSON.parse(new TextDecoder().decode(chunk));
    }
    throw new Error("The process said nothing");
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stdin.close().catch(() => {});
    await this.#process.stdout.cancel();
    await this.#process.status;
  }
}

Deno.test("a second process is refused a store that the first holds, until the first is gone", async () => {
  using temp = new TempFolder();
  const path = temp.file("store");
  await using first = new Holder(path);
  assert.deepEqual(await first.answer, { opened: true });

  await using second = new Holder(path);
  assert.deepEqual(await second.answer, {
    opened: false,
    problem: "in_use",
    message: `Cannot open the key info store: another parsec is using ${path}, one process at a ` +
      "time may; stop the other one, or give this one a path of its own",
  });

  await first.kill();
  await using third = new Holder(path);
  assert.deepEqual(await third.answer, { opened: true });
});

Deno.test("of two processes that open a new store at the same moment one gets it", async () => {
  for (let round = 0; round < 3; round++) {
    using temp = new TempFolder();
    const path = temp.file("store");
    await using a = new Holder(path);
    await using b = new Holder(path);
    const answers = [await a.answer, await b.answer];
    assert.deepEqual(
      answers.map(({ opened, problem }) => opened ? "opened" : problem).sort(),
      ["in_use", "opened"],
    );
  }
});
