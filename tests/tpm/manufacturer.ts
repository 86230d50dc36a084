/**
 * A manufacturer of software TPMs: leaves a certificate of the endorsement key in each, and has the certificates that
 * a verifier needs to believe it.
 */
import { join } from "node:path";
import { TempFolder } from "../fakes/temp_folder.ts";

const OPTIONS = ["--platform-manufacturer", "Test", "--platform-version", "1"];

export class Manufacturer implements Disposable {
  readonly #folder = new TempFolder();

  /** In PEM; of whom every verifier believes. */
  get rootCertificate(): string {
    return this.#folder.file("swtpm-localca-rootca-cert.pem");
  }

  /** In PEM; issued by the root, issuer of what is in the TPMs. */
  get issuerCertificate(): string {
    return this.#folder.file("issuercert.pem");
  }

  /** Makes the memory of a TPM in a folder: `swtpm_setup`, with a certificate authority of its own. */
  async make(folder: string): Promise<void> {
    const { path } = this.#folder;
    const files = {
      "options": OPTIONS.join(" "),
      "localca.conf": [
        `statedir = ${path}`,
        `signingkey = ${join(path, "signkey.pem")}`,
        `issuercert = ${this.issuerCertificate}`,
        `certserial = ${join(path, "certserial")}`,
      ].join("\n"),
      "setup.conf": [
        "create_certs_tool = /usr/bin/swtpm_localca",
        `create_certs_tool_config = ${join(path, "localca.conf")}`,
        `create_certs_tool_options = ${join(path, "options")}`,
        "active_pcr_banks = sha256",
      ].join("\n"),
    };
    for (const [name, text] of Object.entries(files)) {
      Deno.writeTextFileSync(join(path, name), `${text}\n`);
    }
    const { success, stdout, stderr } = await new Deno.Command("swtpm_setup", {
      args: [
        ...["--tpm2", "--tpm-state", folder, "--create-ek-cert"],
        ...["--config", join(path, "setup.conf")],
      ],
      stdin: "null",
    }).output();
    if (success) return;
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    throw new Error(`swtpm_setup failed\n${said}`);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
