import assert from "node:assert/strict";
import { Tss2Error } from "../../ffi/tss2/mod.ts";
import { recordingLogger } from "../../tests/fakes/recording_logger.ts";
import { ResponseStatus } from "../../src/status.ts";
import { isLost } from "./failures.ts";
import type { Tpm } from "./tpm.ts";
import { TpmConnection } from "./tpm_connection.ts";

const LOST = new Tss2Error("Esys_Sign", 0x000a_000a);

/** What a connection does with its TPM, written down. */
class FakeTpm {
  readonly #journal: string[];
  readonly #name: string;
  hasSession = true;

  constructor(journal: string[], name: string) {
    this.#journal = journal;
    this.#name = name;
  }

  endTurn(): void {}

  abandon(): void {
    this.#note("abandoned");
  }

  isLoss(error: unknown): Promise<boolean> {
    return Promise.resolve(isLost(error));
  }

  closeSession(): Promise<void> {
    this.hasSession = false;
    this.#note("session closed");
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#note("cleared");
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.#note("disposed");
  }

  #note(what: string): void {
    this.#journal.push(`${this.#name} ${what}`);
  }
}

function connect(
  options: {
    readonly opens?: readonly ("tpm" | Error)[];
    readonly idleMs?: number;
    readonly stuckMs?: number;
  } = {},
) {
  const journal: string[] = [];
  const opens = [...options.opens ?? []];
  let made = 0;
  let now = 0;
  const make = () => new FakeTpm(journal, `tpm ${made++}`) as unknown as Tpm;
  const open = () => {
    const next = opens.shift() ?? LOST;
    return next === "tpm" ? Promise.resolve(make()) : Promise.reject(next);
  };
  const clock = {
    now: () => now,
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const log = recordingLogger();
  const connection = new TpmConnection(make(), { open, clock, log, ...options });
  return { connection, journal, log, clock };
}

/** Work that fails the first times it is done. */
function failing(times: number, error: Error = LOST) {
  let attempts = 0;
  return {
    work: () => ++attempts > times ? Promise.resolve("done") : Promise.reject(error),
    attempts: () => attempts,
  };
}

Deno.test("run() does the work again with a TPM opened anew, each time it was lost", async () => {
  const { connection, journal } = connect({ opens: ["tpm", "tpm", "tpm"] });
  const { work, attempts } = failing(3);
  assert.equal(await connection.run("", work), "done");
  assert.equal(attempts(), 4);
  assert.deepEqual(journal, ["tpm 0 disposed", "tpm 1 disposed", "tpm 2 disposed"]);
});

Deno.test("run() ends it after the fourth loss", async () => {
  const { connection } = connect({ opens: ["tpm", "tpm", "tpm", "tpm"] });
  const { work, attempts } = failing(99);
  await assert.rejects(() => connection.run("", work), LOST);
  assert.equal(attempts(), 4);
  assert.equal(await connection.run("", failing(0).work), "done");
});

Deno.test("run() passes on other errors at once, and keeps the TPM", async () => {
  const { connection, journal } = connect();
  const error = new Tss2Error("Esys_Sign", 0x2c4);
  const { work, attempts } = failing(1, error);
  await assert.rejects(() => connection.run("", work), error);
  assert.equal(attempts(), 1);
  assert.deepEqual(journal, []);
  assert.equal(await connection.run("", work), "done");
});

Deno.test("run() waits for a TPM that comes back within seconds", async () => {
  const { connection, clock, log } = connect({ opens: [LOST, LOST, LOST, "tpm"] });
  assert.equal(await connection.run("", failing(1).work), "done");
  assert.equal(clock.now(), 20 + 40 + 80);
  assert.deepEqual(log.lines.map(({ message }) => message), [
    "The TPM was lost, it is opened again",
    "The TPM is back",
  ]);
});

Deno.test("run() tells of a TPM that stays away, and asks again for the next one", async () => {
  const { connection, clock } = connect();
  const status = ResponseStatus.PsaErrorCommunicationFailure;
  await assert.rejects(() => connection.run("", failing(1).work), { status });
  const waited = clock.now();
  assert.ok(waited > 8000);
  await assert.rejects(() => connection.run("", failing(0).work), { status });
  assert.equal(clock.now(), waited);
});

Deno.test("run() passes on why a TPM can't be opened, if it is there", async () => {
  const error = new Error("another TPM");
  const { connection } = connect({ opens: [error, "tpm"] });
  await assert.rejects(() => connection.run("", failing(1).work), error);
  assert.equal(await connection.run("", failing(0).work), "done");
});

Deno.test("runIfOpen() does nothing where the TPM is away, and minds no loss", async () => {
  const { connection, journal } = connect();
  let done = 0;
  const work = () => {
    done++;
    return Promise.reject(LOST);
  };
  await connection.runIfOpen("", work);
  await connection.runIfOpen("", work);
  assert.equal(done, 1);
  assert.deepEqual(journal, ["tpm 0 disposed"]);
});

Deno.test("a session that nobody uses is closed, and not before", async () => {
  const { connection, journal } = connect({ idleMs: 30 });
  for (let i = 0; i < 4; i++) {
    await connection.run("", failing(0).work);
    await new Promise((resolve) => setTimeout(resolve, 12));
  }
  assert.deepEqual(journal, []);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual(journal, ["tpm 0 session closed"]);
});

Deno.test("a connection that ends leaves the TPM clear, and serves nobody after it", async () => {
  const { connection, journal } = connect();
  await connection.run("", failing(0).work);
  await connection[Symbol.asyncDispose]();
  await connection[Symbol.asyncDispose]();
  assert.deepEqual(journal, ["tpm 0 cleared", "tpm 0 disposed"]);
  await assert.rejects(() => connection.run("", failing(0).work), TypeError);
});

Deno.test("run() leaves work that does not end, and does nothing else before it has ended", async () => {
  const { connection, journal } = connect({ opens: ["tpm"], stuckMs: 20 });
  const status = ResponseStatus.PsaErrorCommunicationFailure;
  const { promise: stuck, reject } = Promise.withResolvers<string>();
  let attempts = 0;
  const stuckWork = () => {
    attempts++;
    return stuck;
  };
  const waiting = [stuckWork, failing(0).work, failing(0).work].map((work, i) =>
    assert.rejects(() => connection.run(`${i}`, work), { status })
  );
  await Promise.all(waiting);
  await assert.rejects(() => connection.run("", failing(0).work), { status });
  await connection.runIfOpen("", () => Promise.reject(new Error("not done")));
  assert.deepEqual(journal, ["tpm 0 abandoned"]);
  reject(LOST);
  await stuck.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(attempts, 1, "nobody waits for it any more");
  assert.equal(await connection.run("", failing(0).work), "done");
  assert.deepEqual(journal, ["tpm 0 abandoned", "tpm 0 disposed"]);
});

Deno.test("what stays of stuck work when its connection has ended opens nothing", async () => {
  const { connection, journal } = connect({ opens: ["tpm"], stuckMs: 20 });
  const { promise: stuck, resolve } = Promise.withResolvers<string>();
  await assert.rejects(() => connection.run("", () => stuck));
  await connection[Symbol.asyncDispose]();
  assert.deepEqual(journal, ["tpm 0 abandoned"]);
  resolve("late");
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(journal, ["tpm 0 abandoned", "tpm 0 disposed"]);
});
