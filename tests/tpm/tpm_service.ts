/** A service whose keys are in a software TPM. */
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import { type ServiceProcess, startService } from "../e2e/service_process.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { tpmConfigText } from "./config.ts";
import { Swtpm } from "./swtpm.ts";

/** A service over a TPM of its own; both are gone with the test. */
export class TpmService implements AsyncDisposable {
  readonly swtpm: Swtpm;
  readonly service: ServiceProcess;
  readonly #folder: TempFolder;

  private constructor(swtpm: Swtpm, folder: TempFolder, service: ServiceProcess) {
    this.swtpm = swtpm;
    this.#folder = folder;
    this.service = service;
  }

  static async start(): Promise<TpmService> {
    await using stack = new AsyncDisposableStack();
    const swtpm = stack.use(await Swtpm.start());
    const folder = stack.use(new TempFolder());
    const configText = tpmConfigText(folder.path, swtpm);
    const service = await startService({ folder: folder.path, configText });
    stack.move();
    return new TpmService(swtpm, folder, service);
  }

  client(name = "app"): Client {
    return clientOf(this.service, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
    await this.swtpm[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

export function clientOf({ socketPath }: ServiceProcess, name: string): Client {
  return createClient({
    exchange: unixExchange(socketPath),
    authentication: { kind: "direct", name },
  });
}
