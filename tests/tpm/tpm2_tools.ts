/** tpm2-tools in a folder of their own: a judge, and a maker of keys, that shares no code of ours. */
import { join } from "node:path";
import type { Swtpm } from "./swtpm.ts";

const OPENSSL_PROVIDERS = ["-provider", "tpm2", "-provider", "default"] as const;

export class Tpm2Tools implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "parsec-tpm2-tools-" });
  readonly #swtpm: Swtpm;

  /** The software TPM serves one connection at a time: the provider must have none meanwhile. */
  constructor(swtpm: Swtpm) {
    this.#swtpm = swtpm;
  }

  /** A file of the folder, by its name. */
  file(name: string): string {
    return join(this.#folder, name);
  }

  write(name: string, bytes: Uint8Array): void {
    Deno.writeFileSync(this.file(name), bytes);
  }

  read(name: string): Uint8Array {
    return Deno.readFileSync(this.file(name));
  }

  /**
   * Runs a tool in the folder, by its name after `tpm2_`.
   *
   * @throws {Error} With its output, if it fails.
   */
  run(tool: string, ...args: readonly string[]): Promise<string> {
    return this.#command(`tpm2_${tool}`, args);
  }

  /** Runs openssl with the provider that uses the TPM (tpm2-openssl). */
  openssl(command: string, ...args: readonly string[]): Promise<string> {
    return this.#command("openssl", [command, ...OPENSSL_PROVIDERS, ...args]);
  }

  async #command(name: string, args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command(name, {
      args: [...args],
      cwd: this.#folder,
      env: { TPM2TOOLS_TCTI: this.#swtpm.tcti, TPM2OPENSSL_TCTI: this.#swtpm.tcti },
      stdin: "null",
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    if (!success) throw new Error(`${name} ${args.join(" ")} failed\n${out}${err}`);
    return out ?? "";
  }

  /** Frees the TPM's memory, where the tools leave their objects. */
  async flush(): Promise<void> {
    await this.run("flushcontext", "--transient-object");
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}
