/** The running service as something to crash, through its socket. */
import assert from "node:assert/strict";
import { type Client, createClient, unixExchange } from "../../../src/client/mod.ts";
import { ProviderId } from "../../../src/provider_id.ts";
import { EXAMPLES } from "../../fakes/operation_examples.ts";
import { configText } from "../service_config.ts";
import { type ServiceProcess, startService } from "../service_process.ts";
import type { CrashTarget, RunningTarget } from "./crash_rounds.ts";
import { assertNoOrphans } from "./stores_target.ts";

/** Where the keys are, and a configuration that has them there. */
export interface KeysIn {
  readonly provider: number;
  readonly configText?: string;
}

export class ServiceTarget implements CrashTarget {
  readonly #folder: string;
  readonly #keysIn: KeysIn;

  /** @param folder For all files of the service. */
  constructor(folder: string, keysIn: KeysIn = { provider: ProviderId.Software }) {
    this.#folder = folder;
    this.#keysIn = keysIn;
  }

  async start(): Promise<RunningTarget> {
    const { provider, ...options } = this.#keysIn;
    const service = await startService({ folder: this.#folder, ...options });
    const client = createClient({
      exchange: unixExchange(service.socketPath),
      authentication: { kind: "direct", name: "application" },
    });
    return {
      settled: settledChanges(service),
      create: async (keyName) => {
        await client.psaGenerateKey(provider, { ...EXAMPLES.PsaGenerateKey, keyName });
      },
      destroy: async (keyName) => void await client.psaDestroyKey(provider, { keyName }),
      workingKeys: () => workingKeys(client, provider),
      kill: () => service.kill(),
      stop: async () => assert.equal(await service.stop(), 0, service.log),
    };
  }

  assertNoOrphans(): Promise<void> {
    const config = configText(this.#folder);
    const path = (option: string) => config.match(new RegExp(`${option} = "(.+)"`))?.[1] ?? "";
    assertNoOrphans({
      keyInfo: path("sqlite_db_path"),
      keys: `${path("store_path")}/software-keys.sqlite3`,
    });
    return Promise.resolve();
  }
}

/** From the service's log. */
function settledChanges({ log }: ServiceProcess): number {
  const [, undone, finished] = log.match(/Settled what .*undone=(\d+) finished=(\d+)/) ?? [];
  return Number(undone ?? 0) + Number(finished ?? 0);
}

/** Each key signs, and its signature is right. */
async function workingKeys(client: Client, provider: number): Promise<readonly string[]> {
  const { keys } = await client.listKeys();
  const { alg, hash } = EXAMPLES.PsaSignHash;
  await Promise.all(keys.map(async ({ name: keyName }) => {
    const { signature } = await client.psaSignHash(provider, { keyName, alg, hash });
    await client.psaVerifyHash(provider, { keyName, alg, hash, signature });
  }));
  return keys.map(({ name }) => name);
}
