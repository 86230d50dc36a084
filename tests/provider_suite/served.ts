/** A provider that is served: what the suite needs of it, and how to serve one in this process. */
import type { Exchange } from "../../src/client/exchange.ts";
import { parseConfig } from "../../src/config/load_config.ts";
import type { ProviderId } from "../../src/provider_id.ts";
import { openService } from "../../src/service.ts";
import { InMemoryTransport } from "../fakes/in_memory_transport.ts";
import { silentLogger } from "../fakes/silent_logger.ts";

export interface ServeOptions {
  readonly allowDeprecated: boolean;
}

/** A service with one provider besides the core. */
export interface Served extends AsyncDisposable {
  readonly provider: ProviderId;
  /** One request to the service and its answer, over the wire protocol. */
  readonly exchange: Exchange;
  /** Ends the service and starts it again on the same storage. */
  restart(): Promise<void>;
}

export interface InProcessOptions {
  readonly provider: ProviderId;
  /** The text of the configuration; every file it names is in the folder. */
  readonly config: (folder: string) => string;
}

/** The real service, without a socket: its transport is memory. */
export async function serveInProcess({ provider, config }: InProcessOptions): Promise<Served> {
  await using stack = new AsyncDisposableStack();
  const folder = makeFolder();
  stack.defer(() => Deno.removeSync(folder, { recursive: true }));
  const checked = await parseConfig(config(folder), {
    file: `${folder}/parsec.toml`,
    workingDirectory: folder,
    cpus: navigator.hardwareConcurrency,
  });
  const start = async () => {
    await using starting = new AsyncDisposableStack();
    const service = starting.use(await openService(checked, silentLogger));
    const transport = starting.use(new InMemoryTransport());
    transport.serve(service.frontEnd(checked));
    return { transport, owned: starting.move() };
  };
  let running = await start();
  stack.defer(() => running.owned.disposeAsync());
  const owned = stack.move();
  return {
    provider,
    exchange: (request) => running.transport.exchange(request.slice()),
    async restart() {
      await running.owned.disposeAsync();
      running = await start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const MEMORY = "/dev/shm";

/** In memory where there is such a file system: thousands of keys are made, each with a durable write. */
function makeFolder(): string {
  const options = { prefix: "parsec-suite-" };
  try {
    return Deno.makeTempDirSync({ ...options, dir: MEMORY });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return Deno.makeTempDirSync(options);
  }
}
