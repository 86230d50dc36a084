/**
 * What can be done with the keys that the tools make, by both of them.
 */
import { equal, match } from "node:assert/strict";
import { encryptFor, openssl, readRequest, requestPublicKey, verifySignature } from "./openssl.ts";
import { printsTheSame, TEXT, type Tool, type Tools } from "./tools.ts";

/** Everything that can be done with keys that one of the tools makes; the other deletes them. */
export async function checkKeys(
  t: Deno.TestContext,
  tools: Tools,
  maker: Tool,
  provider: number,
): Promise<void> {
  const other = tools.both.find((tool) => tool !== maker)!;
  const inProvider = ["-p", `${provider}`];
  const withKey = async (options: readonly string[], use: (name: string) => Promise<void>) => {
    const name = `key of ${maker.name}`;
    const [command = "", ...rest] = options;
    equal(await maker.get(...inProvider, command, "-k", name, ...rest), "");
    match(await printsTheSame(tools, ["list-keys"]), /^\* key of [^\n]*\n$/);
    await use(name);
    equal(await other.get(...inProvider, "delete-key", "-k", name), "");
    equal(await maker.get("list-keys"), "");
  };
  const scope = { tools, inProvider };

  await t.step("RSA, encryption, PKCS#1 v1.5", async () => {
    await withKey(["create-rsa-key"], (name) => checkEncryption(scope, name, "pkcs1"));
  });
  await t.step("RSA, encryption, OAEP", async () => {
    await withKey(["create-rsa-key", "--oaep"], (name) => checkEncryption(scope, name, "oaep"));
  });
  await t.step("RSA, signatures, PKCS#1 v1.5", async () => {
    await withKey(["create-rsa-key", "--for-signing"], async (name) => {
      const publicKey = await checkSignatures(scope, name);
      await printsTheSame(tools, [...inProvider, "sign", "-k", name, TEXT]);
      await checkSameRequests(scope, name);
      await checkRequests(scope, name, publicKey);
    });
  });
  await t.step("ECC, signatures", async () => {
    await withKey(["create-ecc-key"], async (name) => {
      const publicKey = await checkSignatures(scope, name);
      await checkRequests(scope, name, publicKey);
    });
  });
}

export interface Scope {
  readonly tools: Tools;
  /** Global options that choose the provider. */
  readonly inProvider: readonly string[];
}

/** The key in PEM, the same from both and good for openssl. */
export async function exportedKey({ tools, inProvider }: Scope, name: string): Promise<string> {
  const pem = await printsTheSame(tools, [...inProvider, "export-public-key", "-k", name]);
  await openssl(["pkey", "-pubin", "-pubcheck", "-noout", "-in", "@key"], { key: pem });
  return pem;
}

async function checkEncryption(
  scope: Scope,
  name: string,
  padding: "pkcs1" | "oaep",
): Promise<void> {
  const { tools, inProvider } = scope;
  const publicKey = await exportedKey(scope, name);
  const pkcs1 = [...inProvider, "export-public-key", "-k", name, "--pkcs1"];
  const rsaPem = await printsTheSame(tools, pkcs1);
  match(rsaPem, /^-----BEGIN RSA PUBLIC KEY-----\n/);
  equal(
    await openssl(["rsa", "-RSAPublicKey_in", "-pubout", "-in", "@key"], { key: rsaPem }),
    publicKey + "writing RSA key\n",
  );
  const ciphertexts = [await encryptFor(publicKey, TEXT, padding)];
  for (const tool of tools.both) {
    const base64 = await tool.get(...inProvider, "encrypt", "-k", name, TEXT);
    match(base64, /^[A-Za-z0-9+/]{342}==\n$/);
    ciphertexts.push(base64.trim());
  }
  for (const ciphertext of ciphertexts) {
    const args = [...inProvider, "decrypt", "-k", name, ciphertext];
    equal(await printsTheSame(tools, args), `${TEXT}\n`);
  }
}

/** Returns the public key that the signatures were checked with. */
async function checkSignatures(scope: Scope, name: string): Promise<string> {
  const publicKey = await exportedKey(scope, name);
  for (const tool of scope.tools.both) {
    const signature = await tool.get(...scope.inProvider, "sign", "-k", name, TEXT);
    match(signature, /^[A-Za-z0-9+/]+=*\n$/);
    await verifySignature({ publicKey, text: TEXT, signature });
  }
  return publicKey;
}

/** Subject fields that both tools write alike. */
const PLAIN_FIELDS = [
  ["--cn", "gw-1"],
  ["--o", "Müller & Co"],
  ["--ou", "OT"],
  ["--l", "Köln"],
  ["--st", "NRW"],
].flat();
/** In these two, only ours uses the string type that RFC 5280 wants. */
const PRINTABLE_FIELDS = ["--c", "DE", "--serialNumber", "4711 A"];
const NAMES = ["--san", "gw-1.example", "--san", "*.gw-1.example"];

/** For keys that sign one text always alike: requests are the same byte for byte. */
async function checkSameRequests({ tools, inProvider }: Scope, name: string): Promise<void> {
  const create = [...inProvider, "create-csr", "-k", name];
  await printsTheSame(tools, create);
  await printsTheSame(tools, [...create, ...PLAIN_FIELDS, ...NAMES]);
}

async function checkRequests(scope: Scope, name: string, publicKey: string): Promise<void> {
  const create = [...scope.inProvider, "create-csr", "-k", name];
  for (const tool of scope.tools.both) {
    const csr = await tool.get(...create, ...PLAIN_FIELDS, ...PRINTABLE_FIELDS, ...NAMES);
    const text = await readRequest(csr);
    match(text, /self-signature verify OK/);
    match(
      text,
      /subject=serialNumber=4711 A,C=DE,ST=NRW,L=K\\C3\\B6ln,O=M\\C3\\BCller & Co,OU=OT,CN=gw-1\n/,
    );
    match(text, /DNS:gw-1\.example, DNS:\*\.gw-1\.example/);
    equal(await requestPublicKey(csr), publicKey);
  }
}
