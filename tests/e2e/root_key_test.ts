/** The root key of software keys: in a file, in a credential, and on the way from one to the other. */
import assert from "node:assert/strict";
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { runParsec } from "./parsec_program.ts";
import { type ConfigSettings, configText } from "./service_config.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const { Software } = ProviderId;
const { keyName } = EXAMPLES.PsaSignHash;
const CREDENTIAL = { root_key: "credential", root_key_credential: "key" };

function client({ socketPath }: ServiceProcess): Client {
  return createClient({
    exchange: unixExchange(socketPath),
    authentication: { kind: "direct", name: "application" },
  });
}

/** A folder of the service's and one of credentials. */
class Machine implements Disposable {
  readonly #temp = new TempFolder();
  readonly folder = this.#temp.file("service");
  readonly env = { CREDENTIALS_DIRECTORY: this.#temp.file("credentials") };
  readonly rootKeyPath = `${this.folder}/software/root.key`;

  constructor() {
    for (const path of [this.folder, this.env.CREDENTIALS_DIRECTORY]) Deno.mkdirSync(path);
  }

  putCredential(name: string, content: string): void {
    const path = `${this.env.CREDENTIALS_DIRECTORY}/${name}`;
    Deno.writeTextFileSync(path, content, { mode: 0o600 });
  }

  /** Runs the service for as long as `body` takes, and ends it. */
  async serve(
    provider: ConfigSettings["provider"] & object,
    body: (client: Client) => Promise<unknown>,
  ): Promise<string> {
    const { folder, env } = this;
    await using service = await startService({ folder, env, provider });
    await body(client(service));
    assert.equal(await service.stop(), 0);
    return service.log;
  }

  /** Expects that the service does not start. Returns what it says. */
  async refused(
    provider: ConfigSettings["provider"] & object,
    env: Readonly<Record<string, string>> = this.env,
  ): Promise<string> {
    const file = this.#temp.file("refused.toml");
    await Deno.writeTextFile(file, configText(this.folder, { provider }));
    const { code, stderr } = await runParsec(["serve", "--config", file], { env });
    assert.equal(code, 1, stderr);
    return stderr;
  }

  [Symbol.dispose](): void {
    this.#temp[Symbol.dispose]();
  }
}

const makeKey = (client: Client) => client.psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);
const useKey = (client: Client) => client.psaSignHash(Software, EXAMPLES.PsaSignHash);

Deno.test("keys move from the file to a credential, and back", async (t) => {
  using machine = new Machine();
  machine.putCredential("key", "5a".repeat(32) + "\n");
  await t.step("made under the file", async () => {
    const log = await machine.serve({}, makeKey);
    assert.equal(log.match(/Software keys are protected by file permissions only/g)?.length, 1);
  });
  await t.step("refused without the old root key's place", async () => {
    assert.match(await machine.refused(CREDENTIAL), /name it in previous_root_key, to move the/);
  });
  await t.step("to the credential", async () => {
    const log = await machine.serve({ ...CREDENTIAL, previous_root_key: "file" }, useKey);
    assert.match(log, /INFO .*Moved the software keys to another root key .*keys=1/);
    assert.doesNotMatch(log, /file permissions only/);
    assert.throws(() => Deno.statSync(machine.rootKeyPath), Deno.errors.NotFound);
  });
  await t.step("previous_root_key is asked to go", async () => {
    const log = await machine.serve({ ...CREDENTIAL, previous_root_key: "file" }, useKey);
    assert.match(log, /WARN .*take previous_root_key out of the configuration/);
  });
  await t.step("with the credential alone", async () => {
    assert.doesNotMatch(await machine.serve(CREDENTIAL, useKey), /WARN .*root_key/);
  });
  await t.step("back to a file", async () => {
    const back = { previous_root_key: "credential", previous_root_key_credential: "key" };
    await machine.serve(back, useKey);
    const log = await machine.serve({}, async (client) => {
      await useKey(client);
      await client.psaDestroyKey(Software, { keyName });
    });
    assert.match(log, /file permissions only/);
  });
});

Deno.test("a credential that is absent or another one is refused, and costs no key", async () => {
  using machine = new Machine();
  machine.putCredential("key", "5a".repeat(32));
  await machine.serve(CREDENTIAL, makeKey);
  assert.match(await machine.refused(CREDENTIAL, {}), /CREDENTIALS_DIRECTORY is not set/);
  assert.match(
    await machine.refused({ root_key: "credential" }),
    /parsec-root-key is not there, a credential parsec-root-key; make one with/,
  );
  machine.putCredential("key", "5b".repeat(32));
  const stderr = await machine.refused(CREDENTIAL);
  assert.match(stderr, /key doesn't open the keys in .*software-keys\.sqlite3/);
  assert(!stderr.includes("5b5b"));
  machine.putCredential("key", "5a".repeat(32));
  await machine.serve(CREDENTIAL, useKey);
});
