/** NSS's software token with a database in a temporary folder: a second module, of PKCS#11 v3.0. */
import { run } from "../setup/run_command.ts";

export const NSS_MODULE = `/usr/lib/${Deno.build.arch}-linux-gnu/libsoftokn3.so`;

/** Of the database; the module has a second token, for its own use. */
export const NSS_TOKEN_LABEL = "NSS Certificate DB";
export const NSS_PIN = "1234";

export class NssDatabase implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<NssDatabase> {
    const folder = await Deno.makeTempDir({ prefix: "parsec-nss-", dir: "/dev/shm" });
    const pinFile = `${folder}/pin`;
    await Deno.writeTextFile(pinFile, `${NSS_PIN}\n`);
    await run("certutil", ["-N", "-d", `sql:${folder}`, "-f", pinFile]);
    return new NssDatabase(folder);
  }

  /** What the module is initialised with. */
  get parameters(): string {
    return `configdir='sql:${this.folder}'`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
