/** Software keys under a root key that a TPM has sealed: moved there and back, and what is said if it does not open. */
import assert from "node:assert/strict";
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { extend, SystemMaker } from "../tpm/pcr_approvals.ts";
import { Swtpm } from "../tpm/swtpm.ts";
import { Tpm2Tools } from "../tpm/tpm2_tools.ts";
import { parsecProgram, runParsec } from "./parsec_program.ts";
import { configText, type ConfigValue } from "./service_config.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const { Software, Tpm } = ProviderId;
const { keyName } = EXAMPLES.PsaSignHash;
const MOVED = /INFO .*Moved the software keys to another root key .*keys=1/;
const SEALED = /INFO .*Software keys are protected by the TPM( |$)/m;
const APPROVED = /INFO .*Software keys are protected by the TPM, in approved states of the system/;
const IN_FILE = /WARN .*Software keys are protected by file permissions only/;

type Values = Readonly<Record<string, ConfigValue>>;

function client({ socketPath }: ServiceProcess): Client {
  return createClient({
    exchange: unixExchange(socketPath),
    authentication: { kind: "direct", name: "application" },
  });
}

/** A gateway with a TPM, and its configuration. */
class Gateway implements AsyncDisposable {
  readonly #temp = new TempFolder();
  readonly folder = this.#temp.file("service");
  readonly sealedPath = `${this.folder}/software/root.tpm`;
  readonly filePath = `${this.folder}/software/root.key`;
  readonly swtpm: Swtpm;

  private constructor(swtpm: Swtpm) {
    this.swtpm = swtpm;
    Deno.mkdirSync(this.folder);
  }

  static async start(): Promise<Gateway> {
    return new Gateway(await Swtpm.start());
  }

  get inTpm(): Values {
    return { root_key: "tpm", root_key_tcti: this.swtpm.tcti };
  }

  file(name: string): string {
    return this.#temp.file(name);
  }

  /** @param more Text at the end of the configuration. */
  start(provider: Values, more = ""): Promise<ServiceProcess> {
    const { folder } = this;
    return startService({ folder, configText: configText(folder, { provider }) + more });
  }

  /** Runs the service for as long as `body` takes, and ends it. Returns its log. */
  async serve(
    provider: Values,
    body: (client: Client) => Promise<unknown> = useKey,
  ): Promise<string> {
    await using service = await this.start(provider);
    await body(client(service));
    assert.equal(await service.stop(), 0);
    return service.log;
  }

  /** Expects that the service does not start. Returns the one line of why. */
  async refused(provider: Values, ...flags: readonly string[]): Promise<string> {
    const path = this.file("refused.toml");
    await Deno.writeTextFile(path, configText(this.folder, { provider }));
    const { code, stderr } = await runParsec(["serve", "--config", path, ...flags]);
    assert.equal(code, 1, stderr);
    const lines = stderr.split("\n").filter((line) => /error/i.test(line));
    assert.equal(lines.length, 1, stderr);
    return lines.join();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.swtpm[Symbol.asyncDispose]();
    this.#temp[Symbol.dispose]();
  }
}

const makeKey = (client: Client) => client.psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);
const useKey = (client: Client) => client.psaSignHash(Software, EXAMPLES.PsaSignHash);

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("keys move from the file to the TPM, survive kills there, and move back", async (t) => {
  await using gateway = await Gateway.start();
  const { inTpm, filePath, sealedPath } = gateway;
  await t.step("made under the file", async () => {
    assert.match(await gateway.serve({}, makeKey), IN_FILE);
  });
  await t.step("the TPM alone is refused: the keys are not under its root key", async () => {
    assert.match(await gateway.refused(inTpm), /root\.tpm is missing, .*previous_root_key/);
  });
  await t.step("to the TPM; killed while it serves", async () => {
    await using service = await gateway.start({ ...inTpm, previous_root_key: "file" });
    await useKey(client(service));
    await service.kill();
    assert.match(service.log, MOVED);
    assert.match(service.log, SEALED);
    assert.doesNotMatch(service.log, /file permissions only/);
    assert.deepEqual([isThere(filePath), isThere(sealedPath)], [false, true]);
  });
  await t.step("after a power cut of the TPM too", async () => {
    await gateway.swtpm.kill();
    await gateway.swtpm.start();
    const log = await gateway.serve(inTpm);
    assert.match(log, SEALED);
    assert.doesNotMatch(log, /WARN .*(root_key|file permissions)/);
  });
  await t.step("the TPM is not held on to: others use it beside the service", async () => {
    await gateway.serve(inTpm, async (client) => {
      using tools = new Tpm2Tools(gateway.swtpm);
      assert.equal(await tools.run("getcap", "handles-transient"), "");
      await useKey(client);
    });
  });
  await t.step("back to the file", async () => {
    const { root_key_tcti } = inTpm as { root_key_tcti: string };
    const log = await gateway.serve({ root_key_tcti, previous_root_key: "tpm" });
    assert.match(log, MOVED);
    assert.match(log, IN_FILE);
    assert.deepEqual([isThere(filePath), isThere(sealedPath)], [true, false]);
    await gateway.serve({}, async (client) => {
      await useKey(client);
      await client.psaDestroyKey(Software, { keyName });
    });
  });
});

Deno.test("a kill at any time while keys move to the TPM and back costs no key", async () => {
  await using gateway = await Gateway.start();
  const { inTpm } = gateway;
  await gateway.serve({}, makeKey);
  const toTpm = { ...inTpm, previous_root_key: "file" };
  const toFile = { root_key_tcti: gateway.swtpm.tcti, previous_root_key: "tpm" };
  for (let i = 0; i < 24; i++) {
    const provider = i % 2 === 0 ? toTpm : toFile;
    const path = gateway.file("move.toml");
    await Deno.writeTextFile(path, configText(gateway.folder, { provider }));
    // From before the store is opened to when the service is up.
    await killedAfter(60 + 10 * i, path);
  }
  await gateway.serve(toTpm);
  await gateway.serve(toFile);
});

async function killedAfter(ms: number, configPath: string): Promise<void> {
  const { path, prefix } = parsecProgram();
  const args = [...prefix, "serve", "--config", configPath];
  const child = new Deno.Command(path, { args, stdout: "null", stderr: "null" }).spawn();
  await new Promise((resolve) => setTimeout(resolve, ms));
  child.kill("SIGKILL");
  await child.status;
}

Deno.test("a TPM provider and the root key share a TPM that serves one connection", async (t) => {
  await using gateway = await Gateway.start();
  const { swtpm: { tcti }, folder } = gateway;
  const tpmProvider = section({
    provider_type: "Tpm",
    key_info_manager: "keys",
    tcti,
    store_path: `${folder}/tpm`,
  });
  const useBoth = async (service: ServiceProcess, ids: readonly ProviderId[]) => {
    const { providers } = await client(service).listProviders();
    assert.deepEqual(providers.map(({ id }) => id), ids);
    for (const provider of [Software, Tpm]) {
      await client(service).psaSignHash(provider, EXAMPLES.PsaSignHash);
    }
  };
  await t.step("the root key's TPM is that of the provider", async () => {
    await using service = await gateway.start({ root_key: "tpm" }, tpmProvider);
    for (const provider of [Software, Tpm]) {
      await client(service).psaGenerateKey(provider, EXAMPLES.PsaGenerateKey);
    }
    await useBoth(service, [Software, Tpm, ProviderId.Core]);
    await service.kill();
  });
  await t.step("in the other order, clients see that order", async () => {
    const [common = ""] = configText(folder).split("[[provider]]");
    const software = section({
      provider_type: "Software",
      key_info_manager: "keys",
      store_path: `${folder}/software`,
      root_key: "tpm",
    });
    await using service = await startService({
      folder,
      configText: common + tpmProvider + software,
    });
    await service.says(SEALED);
    await useBoth(service, [Tpm, Software, ProviderId.Core]);
    assert.equal(await service.stop(), 0);
  });
});

function section(values: Values): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return `\n[[provider]]\n${lines.join("\n")}\n`;
}

Deno.test("a TPM that is away, cleared, or another's owner's is refused in one line", async (t) => {
  await using gateway = await Gateway.start();
  const { inTpm, swtpm, sealedPath } = gateway;
  await gateway.serve(inTpm, makeKey);
  await t.step("away", async () => {
    await swtpm.kill();
    assert.match(
      await gateway.refused(inTpm),
      /Cannot use the TPM: nothing answers at swtpm:path=.* is it running\?; the root key of the software keys, .*root\.tpm, can't be had without it/,
    );
    await swtpm.start();
    await gateway.serve(inTpm);
  });
  const tools = async (...args: readonly string[]) => {
    using tools = new Tpm2Tools(swtpm);
    const [tool = "", ...rest] = args;
    await tools.run(tool, ...rest);
  };
  await t.step("its owner has an auth value", async () => {
    await tools("changeauth", "-c", "owner", "hex:00ff");
    const WRONG =
      /Cannot use the TPM: it refused the auth value of its owner; .*root_key_owner_auth_file/;
    assert.match(await gateway.refused(inTpm), WRONG);
    const path = gateway.file("owner");
    const withAuth = { ...inTpm, root_key_owner_auth_file: path };
    assert.match(await gateway.refused(withAuth), /the auth value in .*owner can't be read/);
    Deno.writeTextFileSync(path, "hex:00fe", { mode: 0o600 });
    const stderr = await gateway.refused(withAuth);
    assert.match(stderr, WRONG);
    assert.doesNotMatch(stderr, /00fe/);
    Deno.writeTextFileSync(path, "hex:00ff\n");
    await gateway.serve(withAuth);
  });
  await t.step("cleared", async () => {
    await tools("clear", "-c", "platform");
    for (let start = 0; start < 2; start++) {
      assert.match(
        await gateway.refused(inTpm),
        /Cannot use the TPM: it did not seal the root key in .*root\.tpm\. The TPM was cleared or replaced, .* lost unless .* To go on without them, move .*\/software away/,
      );
    }
    assert.ok(isThere(sealedPath), "nothing was made anew");
  });
  await t.step("the way on that it names", async () => {
    await Deno.rename(`${gateway.folder}/software`, gateway.file("lost"));
    await gateway.serve(inTpm, async (client) => {
      await client.psaDestroyKey(Software, { keyName });
      await makeKey(client);
      await useKey(client);
    });
  });
});

Deno.test("keys open in states of the system that its maker approves of, across an update", async (t) => {
  await using gateway = await Gateway.start();
  using maker = new SystemMaker();
  const { swtpm } = gateway;
  const { publicKey, signatures } = maker.files;
  const approved = {
    ...gateway.inTpm,
    root_key_pcr_public_key: publicKey,
    root_key_pcr_signatures: signatures,
  };
  await gateway.serve({}, makeKey);
  await t.step("nothing is approved of yet: the keys stay where they are", async () => {
    assert.match(
      await gateway.refused({ ...approved, previous_root_key: "file" }),
      /Cannot use the TPM: .*signatures\.json has 0 approvals, none of them signed by .*public\.pem/,
    );
    await gateway.serve({});
  });
  const first = await maker.sign(swtpm, [11]);
  await t.step("in the first version of the system", async () => {
    maker.publish([first]);
    const log = await gateway.serve({ ...approved, previous_root_key: "file" });
    assert.match(log, MOVED);
    assert.match(log, APPROVED);
  });
  await t.step("not in a state that nobody approves of", async () => {
    await extend(swtpm, 11);
    assert.match(
      await gateway.refused(approved),
      /Cannot use the TPM: what its registers 11 hold is none of the 1 states .*; start a version/,
    );
  });
  await t.step("the update brings its approval, beside that of the version before", async () => {
    maker.publish([first, await maker.sign(swtpm, [11])]);
    await gateway.serve(approved);
  });
  await t.step("rolled back: the first version starts with its own approval", async () => {
    maker.publish([first]);
    await swtpm.kill();
    await swtpm.start();
    await gateway.serve(approved);
  });
  await t.step("the configuration forgets the approvals", async () => {
    assert.match(
      await gateway.refused(gateway.inTpm),
      /root\.tpm is sealed to approved states of the system, wanted root_key_pcr_public_key and/,
    );
  });
});

Deno.test("serve --check says which file of approvals can't be used", async (t) => {
  await using gateway = await Gateway.start();
  using maker = new SystemMaker();
  using other = new SystemMaker();
  const { publicKey, signatures } = maker.files;
  const entry = await maker.sign(gateway.swtpm, [11]);
  maker.publish([entry]);
  const check = (root_key_pcr_public_key: string, root_key_pcr_signatures: string) =>
    gateway.refused(
      { ...gateway.inTpm, root_key_pcr_public_key, root_key_pcr_signatures },
      "--check",
    );
  const KEY = "wanted the RSA public key in PEM of whoever approves of states of the system";
  const LIST =
    "wanted approvals of states of the system, as systemd-measure writes them for bank " +
    "sha256";
  const PEM = "provider.root_key_pcr_public_key: found";
  const JSON = "provider.root_key_pcr_signatures: found";
  const rows: readonly (readonly [string, string, string, string])[] = [
    ["no key", "/nowhere", signatures, `${PEM} /nowhere can't be read (No such file`],
    ["no PEM", signatures, signatures, `${PEM} ${signatures} is something else (no BEGIN PUBLIC`],
    ["no approvals", publicKey, "/nowhere", `${JSON} /nowhere can't be read (No such file`],
    ["no JSON", publicKey, publicKey, `${JSON} ${publicKey} is something else (`],
    [
      "approvals of somebody else",
      other.files.publicKey,
      signatures,
      `${JSON} ${signatures} has 1 approvals, none of them signed by ${other.files.publicKey}, `,
    ],
  ];
  for (const [name, key, list, wanted] of rows) {
    await t.step(name, async () => {
      const line = await check(key, list);
      assert.ok(line.includes(`refused.toml: ${wanted}`), line);
      assert.ok(line.endsWith(wanted.startsWith(PEM) ? KEY : LIST), line);
    });
  }
  await t.step("all is well", async () => {
    const path = gateway.file("good.toml");
    const provider = {
      ...gateway.inTpm,
      root_key_pcr_public_key: publicKey,
      root_key_pcr_signatures: signatures,
    };
    await Deno.writeTextFile(path, configText(gateway.folder, { provider }));
    const { code, stderr } = await runParsec(["serve", "--config", path, "--check"]);
    assert.equal(code, 0, stderr);
  });
});
