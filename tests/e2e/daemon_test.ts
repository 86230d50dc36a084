/**
 * The life of the service as a process: start, refusals, reload, stop, and what survives.
 */
import assert from "node:assert/strict";
import { type Client, createClient, ServiceError, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus } from "../../src/status.ts";
import { NotifySocket } from "../fakes/notify_socket.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { ROOT, testNeeding } from "../requirements.ts";
import { parsecProgram, runParsec } from "./parsec_program.ts";
import { configText } from "./service_config.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const { Software } = ProviderId;
const RSA_4096 = {
  keyName: "slow",
  attributes: {
    ...EXAMPLES.PsaGenerateKey.attributes,
    type: { kind: "rsa_key_pair" },
    bits: 4096,
  },
} as const;

function clientOf(service: ServiceProcess, name = "app"): Client {
  const exchange = unixExchange(service.socketPath);
  return createClient({ exchange, authentication: { kind: "direct", name } });
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited 10 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

Deno.test("keys are there again after a restart, and work", async () => {
  using folder = new TempFolder();
  const { keyName, alg, hash } = EXAMPLES.PsaSignHash;
  let signature: Uint8Array;
  {
    await using service = await startService({ folder: folder.path });
    await clientOf(service).psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);
    ({ signature } = await clientOf(service).psaSignHash(Software, EXAMPLES.PsaSignHash));
    assert.equal(await service.stop(), 0);
  }
  await using service = await startService({ folder: folder.path });
  await clientOf(service).psaVerifyHash(Software, { keyName, alg, hash, signature });
});

Deno.test("SIGTERM lets a request in progress finish, then the socket is gone", async () => {
  await using service = await startService();
  const slow = clientOf(service).psaGenerateKey(Software, RSA_4096);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const exitCode = service.stop();
  await slow;
  assert.equal(await exitCode, 0);
  assert.equal(await exists(service.socketPath), false);
});

Deno.test("generating a large key keeps nobody waiting", async () => {
  await using service = await startService();
  const client = clientOf(service);
  let isGenerating = true;
  const slow = client.psaGenerateKey(Software, RSA_4096).finally(() => isGenerating = false);
  const waits: number[] = [];
  while (isGenerating) {
    const start = performance.now();
    await client.ping();
    waits.push(performance.now() - start);
  }
  await slow;
  assert.ok(waits.length >= 5, `only ${waits.length} pings beside the generation`);
  const median = waits.toSorted((a, b) => a - b)[waits.length >> 1]!;
  assert.ok(median < 20, `the median ping took ${median} ms`);
});

Deno.test("SIGHUP takes over what can change, for the next request", async () => {
  await using service = await startService({ authenticators: [{ type: "Direct" }] });
  const client = clientOf(service, "boss");
  await assert.rejects(() => client.listClients(), answers("AdminOperation"));
  const authenticators = [{ type: "Direct", admins: ["boss"] }] as const;
  await Deno.writeTextFile(service.configPath, configText(service.folder, { authenticators }));
  service.signal("SIGHUP");
  await until(() => service.log.includes("Configuration reloaded"), "the reload");
  assert.deepEqual(await client.listClients(), { clients: [] });
});

const UNUSABLE: readonly [string, (text: string) => string, RegExp][] = [
  ["not TOML", () => "[core_settings", /old one stays in force/],
  ["of unknown keys", (text) => text.replace("timeout", "time_out"), /listener\.time_out/],
  ["for another socket", (text) => text.replace("parsec.sock", "other.sock"), /restart is needed/],
];
for (const [what, spoil, message] of UNUSABLE) {
  Deno.test(`SIGHUP with a configuration ${what} keeps the old one and the service`, async () => {
    await using service = await startService();
    await Deno.writeTextFile(service.configPath, spoil(configText(service.folder)));
    service.signal("SIGHUP");
    await until(() => message.test(service.log), `${message} in the log`);
    await clientOf(service).ping();
  });
}

Deno.test("SIGHUP with several mistakes tells each on a line of its own", async () => {
  await using service = await startService();
  const core = { log_level: "loud", thread_pool_size: 0 };
  await Deno.writeTextFile(service.configPath, configText(service.folder, { core }));
  service.signal("SIGHUP");
  await until(() => service.log.includes("thread_pool_size"), "the reasons");
  const reasons = service.log.split("\n").filter((line) => line.includes("Cannot reload"));
  assert.equal(reasons.length, 2);
  assert.match(reasons[0]!, /log_level: found/);
  assert.match(reasons[1]!, /thread_pool_size: found/);
});

/** Puts something in place of the configuration file that can be read once `go` has written it. */
async function holdBack(path: string): Promise<{ go(text: string): Promise<void> }> {
  await Deno.remove(path);
  await new Deno.Command("mkfifo", { args: [path] }).output();
  return { go: (text) => Deno.writeTextFile(path, text) };
}

Deno.test("SIGTERM while the configuration is read again ends the service and the reload", async () => {
  using folder = new TempFolder();
  using manager = new NotifySocket(folder.file("notify"));
  await using service = await startService({ env: { NOTIFY_SOCKET: folder.file("notify") } });
  const file = await holdBack(service.configPath);
  const slow = clientOf(service).psaGenerateKey(Software, RSA_4096);
  service.signal("SIGHUP");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const exitCode = service.stop();
  await until(() => service.log.includes("Service is stopping"), "the end");
  await file.go(configText(service.folder));
  await slow;
  assert.equal(await exitCode, 0);
  assert.doesNotMatch(service.log, /reload/i);
  assert.equal(manager.take().at(-1), "STOPPING=1");
});

Deno.test("SIGHUP during the start is acted upon after it", async () => {
  using folder = new TempFolder();
  const configPath = folder.file("parsec.toml");
  await Deno.writeTextFile(configPath, configText(folder.path));
  const { path, prefix } = parsecProgram();
  const child = new Deno.Command(path, {
    args: [...prefix, "serve", "--config", configPath],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let log = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    // The first line comes before anything is opened.
    if (log === "") child.kill("SIGHUP");
    log += text;
    if (text.includes("Configuration reloaded")) child.kill("SIGTERM");
  }
  assert.equal((await child.status).code, 0, log);
  assert.match(log, /Service is up.*Configuration reloaded/s);
});

Deno.test("a second service on the same store is refused, and the first one goes on", async () => {
  await using service = await startService();
  const text = configText(service.folder).replace("parsec.sock", "second.sock");
  const second = `${service.folder}/second.toml`;
  await Deno.writeTextFile(second, text);
  const { code, stderr } = await runParsec(["serve", "--config", second]);
  assert.equal(code, 1);
  assert.match(stderr, /another parsec is using .*key-info\.sqlite3/i);
  await clientOf(service).ping();
});

Deno.test("a second service on the same socket is refused", async () => {
  await using service = await startService();
  using folder = new TempFolder();
  const text = configText(folder.path).replace(`${folder.path}/parsec.sock`, service.socketPath);
  const second = `${folder.path}/second.toml`;
  await Deno.writeTextFile(second, text);
  const { code, stderr } = await runParsec(["serve", "--config", second]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot listen at .*another service/);
  await clientOf(service).ping();
});

Deno.test("a socket that a killed service left behind is replaced", async () => {
  using folder = new TempFolder();
  await using killed = await startService({ folder: folder.path });
  await killed.kill();
  assert.equal(await exists(killed.socketPath), true);
  await using service = await startService({ folder: folder.path });
  await clientOf(service).ping();
});

Deno.test("serve --check says that a configuration is good, and starts nothing", async () => {
  using folder = new TempFolder();
  const file = `${folder.path}/parsec.toml`;
  await Deno.writeTextFile(file, configText(folder.path));
  const { code, stderr } = await runParsec(["serve", "--config", file, "--check"]);
  assert.equal(code, 0);
  assert.match(stderr, /the configuration is good/);
  assert.equal(await exists(`${folder.path}/key-info.sqlite3`), false);
});

Deno.test("the original service's command line starts the service too", async () => {
  const file = "/nonexistent/parsec.toml";
  for (const args of [["--config", file], [`--config=${file}`], ["-c", file], [`-c${file}`]]) {
    const { code, stderr } = await runParsec(args);
    assert.equal(code, 1, args.join(" "));
    assert.match(stderr, /^parsec: error: \/nonexistent\/parsec\.toml/);
  }
});

testNeeding(ROOT, "root is refused unless the configuration allows it", async () => {
  using folder = new TempFolder();
  const file = `${folder.path}/parsec.toml`;
  await Deno.writeTextFile(file, configText(folder.path, { core: { allow_root: false } }));
  const { code, stderr } = await runParsec(["serve", "--config", file]);
  assert.equal(code, 1);
  assert.match(stderr, /running as root.*allow_root = true/);
});

function answers(name: keyof typeof ResponseStatus) {
  return (error: unknown) => error instanceof ServiceError && error.status === ResponseStatus[name];
}

Deno.test("a log that nobody reads costs lines, never the service", async () => {
  using folder = new TempFolder();
  const config = folder.file("parsec.toml");
  await Deno.writeTextFile(config, configText(folder.path, { core: { log_level: "debug" } }));
  const { path, prefix } = parsecProgram();
  const child = new Deno.Command(path, {
    args: [...prefix, "serve", "--config", config],
    stdin: "null",
    stdout: "null",
    stderr: "piped", // and never read
  }).spawn();
  const client = createClient({ exchange: unixExchange(folder.file("parsec.sock")) });
  try {
    await reachable(client);
    // A line each, and a pipe holds 64 KiB.
    for (let i = 0; i < 2000; i++) await client.ping();
  } finally {
    child.kill("SIGKILL");
    await child.stderr.cancel();
    await child.status;
  }
});

async function reachable(client: Client): Promise<void> {
  const end = performance.now() + 20_000;
  while (performance.now() < end) {
    const answered = await client.ping().then(() => true, () => false);
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("Waited 20 s for an answer");
}

Deno.test("without a configuration the service makes its folders and says where it listens", async () => {
  using folder = new TempFolder();
  const { path, prefix } = parsecProgram();
  const runtime = folder.file("run");
  const child = new Deno.Command(path, {
    args: [...prefix, "serve"],
    env: { XDG_RUNTIME_DIR: runtime, XDG_STATE_HOME: folder.file("state") },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    await reachable(createClient({ exchange: unixExchange(`${runtime}/parsec/parsec.sock`) }));
    assert.equal((await Deno.stat(`${runtime}/parsec`)).mode! & 0o777, 0o700);
  } finally {
    child.kill("SIGTERM");
  }
  const said = await new Response(child.stdout).text();
  assert.equal(said, `PARSEC_SERVICE_ENDPOINT=unix:${runtime}/parsec/parsec.sock\n`);
  assert.equal((await child.status).code, 0);
});
