/** The service over a token, and signatures asked of it through its socket. */
import { createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import type { AsymmetricSignature } from "../../src/psa/algorithm.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { type ServiceProcess, startService } from "../../tests/e2e/service_process.ts";
import { pkcs11ConfigText, softHsmValues } from "../../tests/pkcs11/config.ts";
import type { SoftHsmToken } from "../../tests/pkcs11/softhsm.ts";
import { buildNativePrograms, type NativePrograms } from "../native_programs.ts";

export interface SignedWith {
  readonly name: string;
  readonly type: KeyType;
  readonly bits: number;
  readonly alg: AsymmetricSignature;
}

export class ServiceLoad implements AsyncDisposable {
  readonly #service: ServiceProcess;
  readonly #programs: NativePrograms;
  readonly #folder: string;

  private constructor(service: ServiceProcess, programs: NativePrograms, folder: string) {
    this.#service = service;
    this.#programs = programs;
    this.#folder = folder;
  }

  /** @param folder For the service's files, the load generator and the requests. */
  static async start(token: SoftHsmToken, folder: string): Promise<ServiceLoad> {
    const programs = await buildNativePrograms(folder, ["load"]);
    const core = { log_level: "warn" };
    const configText = pkcs11ConfigText(folder, softHsmValues(token), { core });
    return new ServiceLoad(await startService({ folder, configText }), programs, folder);
  }

  /** Makes a key. @returns The file with a request for a signature by it. */
  async prepare({ name: keyName, type, bits, alg }: SignedWith): Promise<string> {
    const { Pkcs11 } = ProviderId;
    const exchange = unixExchange(this.#service.socketPath);
    const file = `${this.#folder}/${keyName}.request`;
    const authentication = { kind: "direct", name: "bench" } as const;
    const policy = { usageFlags: usageFlags("signHash"), permittedAlgorithm: alg };
    await createClient({ exchange, authentication })
      .psaGenerateKey(Pkcs11, { keyName, attributes: { type, bits, policy } });
    const writing = createClient({
      authentication,
      exchange: async (request) => {
        await Deno.writeFile(file, request);
        return await exchange(request);
      },
    });
    await writing.psaSignHash(Pkcs11, { keyName, alg, hash: new Uint8Array(32).fill(1) });
    return file;
  }

  /** @returns Signatures a second, each over a connection of its own, as clients ask. */
  async rate(request: string, clients: number, seconds: number): Promise<number> {
    const socket = this.#service.socketPath;
    const count = 4_000_000;
    const load = await this.#programs.load({ socket, request, clients, count, seconds });
    return load.perSecond;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
  }
}
