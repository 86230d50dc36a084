/** The running service as something to crash, through its socket. */
import assert from "node:assert/strict";
import { type Client, createClient, unixExchange } from "../../../src/client/mod.ts";
import { ProviderId } from "../../../src/provider_id.ts";
import { EXAMPLES } from "../../fakes/operation_examples.ts";
import { configText } from "../service_config.ts";
import { type ServiceProcess, startService } from "../service_process.ts";
import type { CrashTarget, RunningTarget } from "./crash_rounds.ts";
import { assertNoOrphans } from "./stores_target.ts";

const { Software } = ProviderId;

export class ServiceTarget implements CrashTarget {
  readonly #folder: string;

  /** @param folder For all files of the service. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async start(): Promise<RunningTarget> {
    const service = await startService({ folder: this.#folder });
    const client = createClient({
      exchange: unixExchange(service.socketPath),
      authentication: { kind: "direct", name: "application" },
    });
    return {
      settled: settledChanges(service),
      create: async (keyName) => {
        await client.psaGenerateKey(Software, { ...EXAMPLES.PsaGenerateKey, keyName });
      },
      destroy: async (keyName) => void await client.psaDestroyKey(Software, { keyName }),
      workingKeys: () => workingKeys(client),
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
async function workingKeys(client: Client): Promise<readonly string[]> {
  const { keys } = await client.listKeys();
  const { alg, hash } = EXAMPLES.PsaSignHash;
  await Promise.all(keys.map(async ({ name: keyName }) => {
    const { signature } = await client.psaSignHash(Software, { keyName, alg, hash });
    await client.psaVerifyHash(Software, { keyName, alg, hash, signature });
  }));
  return keys.map(({ name }) => name);
}
