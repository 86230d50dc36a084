/** A maker of systems that signs states of the registers, in files like those of systemd-measure(1). */
import { OpensslCommand } from "../fakes/openssl_command.ts";
import type { PcrApprovalFiles } from "../../providers/tpm/pcr_approval.ts";
import type { Swtpm } from "./swtpm.ts";
import { Tpm2Tools } from "./tpm2_tools.ts";

interface Entry {
  readonly pcrs: readonly number[];
  readonly pkfp: string;
  readonly pol: string;
  readonly sig: string;
}

export class SystemMaker implements Disposable {
  readonly #openssl = new OpensslCommand();

  /** @param exponent Of its key: 65537, or 3. */
  constructor({ exponent = 65_537 }: { readonly exponent?: 3 | 65_537 } = {}) {
    const option = exponent === 3 ? "-3" : "-F4";
    this.#openssl.must("genrsa", option, "-out", "private.pem", "2048");
    this.#openssl.must("rsa", "-in", "private.pem", "-pubout", "-out", "public.pem");
    this.publish([]);
  }

  get files(): PcrApprovalFiles {
    return {
      publicKey: this.#openssl.file("public.pem"),
      signatures: this.#openssl.file("signatures.json"),
    };
  }

  /** Signs what the registers hold now. Nobody else may be using the TPM. */
  async sign(swtpm: Swtpm, pcrs: readonly number[]): Promise<Entry> {
    using tools = new Tpm2Tools(swtpm);
    await tools.run("startauthsession", "-S", "session");
    await tools.run("policypcr", "-Q", "-S", "session", "-l", `sha256:${pcrs}`, "-L", "policy");
    await tools.run("flushcontext", "session");
    return { pcrs, pkfp: "", ...this.signDigest(tools.read("policy")) };
  }

  /** Signs the digest of a policy. */
  signDigest(policy: Uint8Array): Pick<Entry, "pol" | "sig"> {
    this.#openssl.write("policy", policy);
    this.#openssl.must("dgst", "-sha256", "-sign", "private.pem", "-out", "signature", "policy");
    const sig = this.#openssl.read("signature").toBase64();
    return { pol: policy.toHex(), sig };
  }

  /** Ships these approvals with the next version of the system. */
  publish(entries: readonly Entry[]): void {
    const text = JSON.stringify({ sha1: [], sha256: entries });
    this.#openssl.write("signatures.json", new TextEncoder().encode(text));
  }

  [Symbol.dispose](): void {
    this.#openssl[Symbol.dispose]();
  }
}

/** Measures something into a register, as a boot does. */
export async function extend(swtpm: Swtpm, pcr: number): Promise<void> {
  using tools = new Tpm2Tools(swtpm);
  await tools.run("pcrextend", `${pcr}:sha256=${"5a".repeat(32)}`);
}
