/** A service whose keys are on a token of SoftHSM. */
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import type { ConfigValue } from "../e2e/service_config.ts";
import { type ServiceProcess, startService } from "../e2e/service_process.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { pkcs11ConfigText, softHsmValues } from "./config.ts";
import { SoftHsm, type SoftHsmToken } from "./softhsm.ts";

export interface Pkcs11ServiceOptions {
  /** Of the provider, beside what names the token. */
  readonly provider?: Readonly<Record<string, ConfigValue>>;
  /** Further sections of the configuration. */
  readonly more?: (folder: TempFolder) => string;
}

/** A service over a token of its own; both are gone with the test. */
export class Pkcs11Service implements AsyncDisposable {
  readonly softhsm: SoftHsm;
  readonly token: SoftHsmToken;
  readonly service: ServiceProcess;
  readonly #owned: AsyncDisposable;

  private constructor(
    softhsm: SoftHsm,
    token: SoftHsmToken,
    service: ServiceProcess,
    owned: AsyncDisposable,
  ) {
    this.softhsm = softhsm;
    this.token = token;
    this.service = service;
    this.#owned = owned;
  }

  static async start({ provider, more }: Pkcs11ServiceOptions = {}): Promise<Pkcs11Service> {
    await using stack = new AsyncDisposableStack();
    const softhsm = stack.use(await SoftHsm.create());
    const token = await softhsm.initToken("parsec");
    const folder = stack.use(new TempFolder());
    const values = { ...softHsmValues(token), ...provider };
    const configText = pkcs11ConfigText(folder.path, values) + (more?.(folder) ?? "");
    const service = stack.use(await startService({ folder: folder.path, configText }));
    return new Pkcs11Service(softhsm, token, service, stack.move());
  }

  client(name = "app"): Client {
    return clientOf(this.service, name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#owned[Symbol.asyncDispose]());
  }
}

export function clientOf({ socketPath }: ServiceProcess, name: string): Client {
  return createClient({
    exchange: unixExchange(socketPath),
    authentication: { kind: "direct", name },
  });
}
