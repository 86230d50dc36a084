/**
 * The `openssl` program as the judge of what comes out of the service.
 */
import { equal } from "node:assert/strict";
import { TempFolder } from "../fakes/temp_folder.ts";
import { runToEnd } from "./parsec_program.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

/**
 * Runs openssl on files that are there for this one call; `@name` in an argument is the path of one.
 *
 * @returns What it wrote, stdout before stderr.
 * @throws {AssertionError} With its output, if it does not exit with 0.
 */
export async function openssl(args: readonly string[], files: Files = {}): Promise<string> {
  using folder = new TempFolder();
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(folder.file(name), bytes);
  }
  const paths = args.map((argument) => argument.replace(/@(\w+)/, (_, name) => folder.file(name)));
  const { code, stdout, stderr } = await runToEnd("openssl", paths);
  equal(code, 0, `openssl ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout + stderr;
}

export type Padding = "pss" | "default";

/** Checks a signature in base64 over a text. */
export async function verifySignature(
  options: {
    readonly publicKey: string;
    readonly text: string;
    readonly signature: string;
    readonly hash?: string;
    readonly padding?: Padding;
  },
): Promise<void> {
  const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"];
  const padding = options.padding === "pss" ? pss : [];
  const hash = `-${options.hash ?? "sha256"}`;
  await openssl(
    ["dgst", hash, ...padding, "-verify", "@key", "-signature", "@signature", "@text"],
    { key: options.publicKey, signature: fromBase64(options.signature), text: options.text },
  );
}

/** Encrypts a text under a public key; base64, as the tools print it. */
export async function encryptFor(
  publicKey: string,
  text: string,
  padding: "pkcs1" | "oaep",
): Promise<string> {
  using folder = new TempFolder();
  const oaep = ["-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256"];
  await openssl([
    "pkeyutl",
    "-encrypt",
    "-pubin",
    "-inkey",
    "@key",
    "-in",
    "@text",
    "-out",
    folder.file("out"),
    "-pkeyopt",
    `rsa_padding_mode:${padding}`,
    ...(padding === "oaep" ? oaep : []),
  ], { key: publicKey, text });
  return (await Deno.readFile(folder.file("out"))).toBase64();
}

/** Checks the signature of a certificate request and returns its text form. */
export async function readRequest(csr: string): Promise<string> {
  return await openssl(
    ["req", "-verify", "-noout", "-text", "-subject", "-nameopt", "RFC2253", "-in", "@csr"],
    { csr },
  );
}

/** The public key of a certificate request, in PEM. */
export async function requestPublicKey(csr: string): Promise<string> {
  return await openssl(["req", "-noout", "-pubkey", "-in", "@csr"], { csr });
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.fromBase64(text);
}
