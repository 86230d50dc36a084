/**
 * The listener as part of the service: what the process costs when idle, that nothing starves under load, and
 * systemd's side of it.
 */
import assert from "node:assert/strict";
import { libcLibrary } from "../../ffi/libc/library.ts";
import { openLibc } from "../../ffi/libc/mod.ts";
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { NotifySocket } from "../fakes/notify_socket.ts";
import { startPinging } from "../fakes/ping_process.ts";
import { processorMs } from "../fakes/process_figures.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { parsecProgram } from "./parsec_program.ts";
import { configText } from "./service_config.ts";
import { startService } from "./service_process.ts";

const { Software } = ProviderId;
const RSA_SIGN = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
const RSA_2048 = {
  ...EXAMPLES.PsaGenerateKey.attributes,
  type: { kind: "rsa_key_pair" },
  bits: 2048,
  policy: { ...EXAMPLES.PsaGenerateKey.attributes.policy, permittedAlgorithm: RSA_SIGN },
} as const;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function clientOf(socketPath: string): Client {
  const authentication = { kind: "direct", name: "app" } as const;
  return createClient({ exchange: unixExchange(socketPath), authentication });
}

/** Time on a processor during one second, ms. */
async function costOfASecond(pid: number): Promise<number> {
  const before = processorMs(pid);
  await sleep(1000);
  return processorMs(pid) - before;
}

Deno.test("an idle service uses no processor", async (t) => {
  await using service = await startService({ listener: { timeout: 30_000 } });
  for (let i = 0; i < 50; i++) await clientOf(service.socketPath).ping();
  await sleep(500); // compilers and collectors of the engine come to rest
  await t.step("without connections", async () => {
    const cost = await costOfASecond(service.pid);
    assert.ok(cost < 20, `${cost} ms`);
  });
  await t.step("with clients that are slow to write", async () => {
    const slow = await Promise.all(
      Array.from(
        { length: 20 },
        () => Deno.connect({ transport: "unix", path: service.socketPath }),
      ),
    );
    await Promise.all(slow.map((connection) => connection.write(new Uint8Array([0x10]))));
    await sleep(100);
    const cost = await costOfASecond(service.pid);
    for (const connection of slow) connection.close();
    assert.ok(cost < 20, `${cost} ms`);
  });
});

Deno.test("under a flood of requests slow work, timers and signals get their turn", async (t) => {
  await using service = await startService();
  const client = clientOf(service.socketPath);
  await client.psaGenerateKey(Software, { keyName: "slow", attributes: RSA_2048 });
  const flood = await Promise.all([1, 2].map(() => startPinging(service.socketPath)));
  await t.step("a signature made on another thread is soon there", async () => {
    const { hash } = EXAMPLES.PsaSignHash;
    const took: number[] = [];
    for (let i = 0; i < 30; i++) {
      const started = performance.now();
      await client.psaSignHash(Software, { keyName: "slow", alg: RSA_SIGN, hash });
      took.push(performance.now() - started);
    }
    const median = took.toSorted((a, b) => a - b)[15] ?? NaN;
    assert.ok(median < 50, `${median} ms`);
  });
  await t.step("SIGTERM ends the service", async () => {
    const started = performance.now();
    assert.equal(await service.stop(), 0);
    assert.ok(performance.now() - started < 3000, `${performance.now() - started} ms`);
  });
  const figures = await Promise.all(flood.map((each) => each.stop()));
  const answered = figures.reduce((sum, each) => sum + each.answered, 0);
  assert.ok(answered > 30, `a flood of only ${answered} requests`);
});

/** Gives the listening socket its place and says so, then becomes the program. */
const ACTIVATE = "use POSIX; POSIX::dup2(shift, 3); $ENV{LISTEN_PID} = $$; exec @ARGV";

/** Starts the service as systemd does: with a listening socket as descriptor 3, and variables that say so. */
function startActivated(
  configPath: string,
  listener: number,
  notifyPath: string,
): Deno.ChildProcess {
  const { path, prefix } = parsecProgram();
  return new Deno.Command("perl", {
    args: ["-e", ACTIVATE, `${listener}`, path, ...prefix, "serve", "--config", configPath],
    env: { LISTEN_FDS: "1", LISTEN_FDNAMES: "parsec.socket", NOTIFY_SOCKET: notifyPath },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** A listening socket that child processes inherit. */
function inheritableListener(path: string): Disposable & { readonly fd: number } {
  const libc = openLibc();
  const fd = libc.openStreamSocket();
  libc.bind(fd, path);
  libc.listen(fd, 16);
  assert.equal(libcLibrary().symbols.fcntl(fd, 2, /* F_SETFD */ 0), 0);
  return { fd, [Symbol.dispose]: () => libc.close(fd) };
}

/** Waits until these are the messages since last time. */
async function expectMessages(socket: NotifySocket, wanted: RegExp): Promise<void> {
  const end = performance.now() + 20_000;
  let said = "";
  while (!wanted.test(said)) {
    assert.ok(performance.now() < end, `said ${JSON.stringify(said)}, wanted ${wanted}`);
    await sleep(10);
    said += socket.take().map((message) => `${message};`).join("");
  }
}

Deno.test("systemd's socket is served, survives a restart, and systemd is told", async (t) => {
  using folder = new TempFolder();
  const socketPath = folder.file("activated.sock");
  const configPath = folder.file("parsec.toml");
  // The configured path is another one: the inherited socket comes first.
  Deno.writeTextFileSync(configPath, configText(folder.path));
  using listener = inheritableListener(socketPath);
  using notify = new NotifySocket(folder.file("notify"));
  const start = () => startActivated(configPath, listener.fd, folder.file("notify"));

  await using first = start();
  await t.step("a client that came before the service was up is answered", async () => {
    await clientOf(socketPath).ping();
    await expectMessages(notify, /^READY=1;$/);
  });
  await t.step("a reload is announced with its time, and its end", async () => {
    first.kill("SIGHUP");
    await expectMessages(notify, /^RELOADING=1\nMONOTONIC_USEC=\d+;READY=1;$/);
  });
  await t.step("SIGTERM is announced, and leaves the socket", async () => {
    first.kill("SIGTERM");
    assert.equal((await first.status).code, 0);
    await expectMessages(notify, /^STOPPING=1;$/);
    assert.ok(Deno.lstatSync(socketPath).isSocket);
  });
  await t.step("a client that came in between is answered by the next service", async () => {
    const answer = clientOf(socketPath).ping();
    await using second = start();
    await answer;
    second.kill("SIGTERM");
    assert.equal((await second.status).code, 0);
  });
});
