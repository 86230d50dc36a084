/**
 * Two tokens of one module under two names: each application has its keys on its own. And the same with two software
 * providers.
 */
import assert from "node:assert/strict";
import { type Client, createClient, ServiceError, unixExchange } from "../../src/client/mod.ts";
import { Opcode } from "../../src/opcode.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus, statusName } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { clientOf } from "../pkcs11/pkcs11_service.ts";
import { until } from "../pkcs11/shim/bench.ts";
import { Shim } from "../pkcs11/shim/shim.ts";
import { SoftHsm, type SoftHsmToken } from "../pkcs11/softhsm.ts";
import { runParsec } from "./parsec_program.ts";
import { configText } from "./service_config.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const { Pkcs11, Software } = ProviderId;
const { keyName } = EXAMPLES.PsaGenerateKey;

interface TokenSettings {
  readonly applications?: readonly string[];
  readonly wait_for_token?: boolean;
}

/** Two tokens behind the shim, and configurations for them. */
class Tokens implements AsyncDisposable {
  readonly shim: Shim;
  readonly softhsm: SoftHsm;
  readonly one: SoftHsmToken;
  readonly two: SoftHsmToken;
  readonly folder: TempFolder;

  private constructor(shim: Shim, softhsm: SoftHsm, one: SoftHsmToken, two: SoftHsmToken) {
    this.shim = shim;
    this.softhsm = softhsm;
    this.one = one;
    this.two = two;
    this.folder = new TempFolder();
  }

  static async create(): Promise<Tokens> {
    const shim = await Shim.build();
    const softhsm = await SoftHsm.create();
    const one = await softhsm.initToken("one", "1111");
    return new Tokens(shim, softhsm, one, await softhsm.initToken("two", "2222"));
  }

  /** What is in the file for the two tokens. */
  config(one: TokenSettings, two: TokenSettings): string {
    const settings = {
      core: { log_error_details: true },
      authenticators: [{ type: "Direct", admins: ["admin"] }],
    } as const;
    const [common = ""] = configText(this.folder.path, settings).split("[[provider]]");
    const section = ({ label, serialNumber, pin }: SoftHsmToken, more: TokenSettings) => {
      const values = {
        provider_type: "Pkcs11",
        name: `hsm-${label}`,
        key_info_manager: "keys",
        library_path: this.shim.path,
        serial_number: serialNumber,
        user_pin: pin,
        ...more,
      };
      const lines = Object.entries(values).map(([key, value]) =>
        `${key} = ${JSON.stringify(value)}`
      );
      return `[[provider]]\n${lines.join("\n")}\n`;
    };
    return `${common}${section(this.one, one)}\n${section(this.two, two)}`;
  }

  start(one: TokenSettings, two: TokenSettings): Promise<ServiceProcess> {
    return startService({ folder: this.folder.path, configText: this.config(one, two) });
  }

  /** Changes the configuration of a service that runs. */
  async reconfigure(
    service: ServiceProcess,
    one: TokenSettings,
    two: TokenSettings,
  ): Promise<void> {
    const told = service.log.length;
    await Deno.writeTextFile(service.configPath, this.config(one, two));
    service.signal("SIGHUP");
    await until(() => service.log.slice(told).includes("Configuration reloaded"), service.log);
  }

  /** The labels of the private keys on a token, sorted. */
  async keysOn(token: SoftHsmToken): Promise<readonly string[]> {
    const objects = await this.softhsm.pkcs11Tool(token, "--list-objects", "--type", "privkey");
    return [...objects.matchAll(/label: +(.*)$/gm)].map(([, label = ""]) => label).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.folder[Symbol.dispose]();
    await this.softhsm[Symbol.asyncDispose]();
    await this.shim[Symbol.asyncDispose]();
  }
}

async function signAndVerify(client: Client, provider: number = Pkcs11): Promise<void> {
  const { signature } = await client.psaSignHash(provider, EXAMPLES.PsaSignHash);
  await client.psaVerifyHash(provider, { ...EXAMPLES.PsaVerifyHash, signature });
}

async function refused(
  answer: Promise<unknown>,
  ...names: readonly (keyof typeof ResponseStatus)[]
): Promise<void> {
  await assert.rejects(answer, (error) => {
    assert.ok(error instanceof ServiceError, String(error));
    assert.ok(
      names.some((name) => ResponseStatus[name] === error.status),
      statusName(error.status),
    );
    return true;
  });
}

/** A token that has not been there yet can't say what it can do. */
const WHILE_AWAY = ["PsaErrorHardwareFailure", "PsaErrorCommunicationFailure"] as const;
const METER = { applications: ["meter"] };

Deno.test("three applications have their keys on two tokens", async (t) => {
  await using tokens = await Tokens.create();
  const { one, two } = tokens;
  await using stack = new AsyncDisposableStack();
  let service = await tokens.start(METER, {});
  stack.defer(() => service[Symbol.asyncDispose]());
  const client = (name: string) => clientOf(service, name);
  const publicKeys = new Map<string, string>();
  const remaining = ["meter", "gateway", "visitor"];

  await t.step("each on the right one", async () => {
    await Promise.all(
      remaining.map((name) => client(name).psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey)),
    );
    assert.deepEqual(await tokens.keysOn(one), [`${keyName} (parsec, meter)`]);
    assert.deepEqual(await tokens.keysOn(two), [
      `${keyName} (parsec, gateway)`,
      `${keyName} (parsec, visitor)`,
    ]);
  });
  await t.step("and no other's", async () => {
    for (const name of remaining) {
      await signAndVerify(client(name));
      const { data } = await client(name).psaExportPublicKey(Pkcs11, { keyName });
      publicKeys.set(name, data.toHex());
      const { keys } = await client(name).listKeys();
      assert.deepEqual(keys.map((key) => [key.providerId, key.name]), [[Pkcs11, keyName]]);
    }
    assert.equal(new Set(publicKeys.values()).size, remaining.length);
    const own = { ...EXAMPLES.PsaGenerateKey, keyName: "only the meter's" };
    await client("meter").psaGenerateKey(Pkcs11, own);
    for (const name of ["gateway", "visitor"]) {
      await refused(
        client(name).psaDestroyKey(Pkcs11, { keyName: own.keyName }),
        "PsaErrorDoesNotExist",
      );
    }
    await client("meter").psaDestroyKey(Pkcs11, { keyName: own.keyName });
  });
  await t.step("clients see one provider, and may ask it without a name", async () => {
    const env = { PARSEC_SERVICE_ENDPOINT: service.endpoint };
    const { stdout } = await runParsec(["list-providers"], { env });
    assert.equal(stdout.match(/ID: 0x02/g)?.length, 1, stdout);
    const nobody = createClient({ exchange: unixExchange(service.socketPath) });
    const { opcodes } = await nobody.listOpcodes({ providerId: Pkcs11 });
    assert.ok(opcodes.includes(Opcode.PsaSignHash));
    assert.equal((await nobody.psaGenerateRandom(Pkcs11, { size: 8 })).randomBytes.length, 8);
  });
  await t.step("also after a restart", async () => {
    assert.equal(await service.stop(), 0);
    service = await tokens.start(METER, {});
    assert.doesNotMatch(service.log, /out of its reach/);
    for (const name of remaining) {
      await signAndVerify(client(name));
      const { data } = await client(name).psaExportPublicKey(Pkcs11, { keyName });
      assert.equal(data.toHex(), publicKeys.get(name));
    }
  });
  await t.step("an administrator deletes one of them", async () => {
    const admin = client("admin");
    assert.deepEqual((await admin.listClients()).clients, ["gateway", "meter", "visitor"]);
    await admin.deleteClient({ client: "gateway" });
    assert.deepEqual(await tokens.keysOn(two), [`${keyName} (parsec, visitor)`]);
    assert.equal((await tokens.keysOn(one)).length, 1);
    await admin.deleteClient({ client: "meter" });
    assert.deepEqual(await tokens.keysOn(one), []);
    await signAndVerify(client("visitor"));
  });
});

Deno.test("an application that is served by another token from now on leaves its keys behind", async (t) => {
  await using tokens = await Tokens.create();
  const { one, two } = tokens;
  await using service = await tokens.start(METER, {});
  const meter = clientOf(service, "meter");
  await meter.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey);
  await t.step("the log says so", async () => {
    await tokens.reconfigure(service, { applications: ["gateway"] }, {});
    const [line] = service.log.match(/^.*out of its reach.*$/m) ?? [];
    assert.match(line ?? "", /provider="?hsm-one"? keys=1 client="?meter"?/);
  });
  await t.step("it does not see them, and may use their names", async () => {
    assert.deepEqual((await meter.listKeys()).keys, []);
    await refused(meter.psaSignHash(Pkcs11, EXAMPLES.PsaSignHash), "PsaErrorDoesNotExist");
    await meter.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey);
    assert.equal((await tokens.keysOn(one)).length, 1);
    assert.equal((await tokens.keysOn(two)).length, 1);
  });
  await t.step("they are there again when it is back", async () => {
    await meter.psaDestroyKey(Pkcs11, { keyName });
    await tokens.reconfigure(service, METER, { applications: ["gateway"] });
    await signAndVerify(meter);
  });
  await t.step("one that nobody serves is told so", async () => {
    const visitor = clientOf(service, "visitor");
    await refused(
      visitor.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey),
      "ProviderNotRegistered",
    );
    await refused(visitor.listOpcodes({ providerId: Pkcs11 }), "ProviderNotRegistered");
  });
  await t.step("with the client all of its keys are deleted, on both", async () => {
    await tokens.reconfigure(service, { applications: ["gateway"] }, {});
    await meter.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey);
    await clientOf(service, "admin").deleteClient({ client: "meter" });
    assert.deepEqual([await tokens.keysOn(one), await tokens.keysOn(two)], [[], []]);
  });
});

Deno.test("one of two tokens goes away: the applications of the other notice nothing", async (t) => {
  await using tokens = await Tokens.create();
  const { one, shim } = tokens;
  const settings = [{ ...METER, wait_for_token: true }, {}] as const;
  await using stack = new AsyncDisposableStack();
  let service = await tokens.start(...settings);
  stack.defer(() => service[Symbol.asyncDispose]());
  const client = (name: string) => clientOf(service, name);
  for (const name of ["meter", "gateway"]) {
    await client(name).psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey);
  }
  const meterIsAway = async () => {
    await refused(client("meter").psaSignHash(Pkcs11, EXAMPLES.PsaSignHash), ...WHILE_AWAY);
    for (let i = 0; i < 20; i++) await signAndVerify(client("gateway"));
  };
  const meterIsBack = async () => {
    const told = service.log.length;
    shim.behave();
    await until(() => /Token ready|The token is back/.test(service.log.slice(told)), service.log);
    for (const name of ["meter", "gateway"]) await signAndVerify(client(name));
  };
  await t.step("while the service runs", async () => {
    shim.remove(one.slot);
    await meterIsAway();
    await service.says(/Lost the token/);
    const lost = service.log.match(/^.*Lost the token.*$/gm) ?? [];
    assert.equal(lost.length, 1, service.log);
    assert.match(lost[0] ?? "", /hsm-one\]/);
    await meterIsBack();
  });
  await t.step("when it starts", async () => {
    await service.stop();
    shim.remove(one.slot);
    service = await tokens.start(...settings);
    await meterIsAway();
    await meterIsBack();
  });
});

Deno.test("two software providers have a folder each", async () => {
  using folder = new TempFolder();
  const text = configText(folder.path, { provider: { name: "for-meter" } })
    .concat('applications = ["meter"]\n')
    .concat(
      '[[provider]]\nprovider_type = "Software"\nname = "for-others"\nkey_info_manager = "keys"\n',
    )
    .concat(`store_path = "${folder.file("others")}"\n`);
  const start = () => startService({ folder: folder.path, configText: text });
  {
    await using service = await start();
    for (const name of ["meter", "gateway"]) {
      await clientOf(service, name).psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);
    }
    assert.equal(await service.stop(), 0);
  }
  await using service = await start();
  for (const name of ["meter", "gateway"]) await signAndVerify(clientOf(service, name), Software);
  for (const store of ["software", "others"]) {
    const files = [...Deno.readDirSync(folder.file(store))].map(({ name }) => name);
    assert.ok(files.includes("root.key"), `${store}: ${files}`);
  }
});
