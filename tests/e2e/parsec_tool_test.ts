/**
 * parsec-tool 0.7.0, unmodified, and the product's own command line, side by side on one running service:
 * every subcommand, RSA and ECC keys, each reading what the other made, and openssl judging all of it.
 */
import { equal, match, notEqual, ok } from "node:assert/strict";
import { createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { PARSEC_TOOL, testNeeding } from "../requirements.ts";
import {
  encryptFor,
  openssl,
  type Padding,
  readRequest,
  requestPublicKey,
  verifySignature,
} from "./openssl.ts";
import { type ServiceProcess, startService } from "./service_process.ts";
import { printsTheSame, type Tool, type Tools, toolsFor } from "./tools.ts";

const TEXT = "Grüße vom Gateway, 1 € & ein\ttab";
const ADMIN = "parsec-tool";

/** Providers of the service but core, in its order. */
async function cryptoProviders(service: ServiceProcess): Promise<readonly number[]> {
  const client = createClient({ exchange: unixExchange(service.socketPath) });
  const { providers } = await client.listProviders();
  return providers.map(({ id }) => id).filter((id) => id !== ProviderId.Core);
}

testNeeding(
  PARSEC_TOOL,
  "parsec-tool and parsec do the same under Direct authentication",
  async (t) => {
    await using service = await startService({
      authenticators: [{ type: "Direct", admins: [ADMIN] }],
    });
    const tools = toolsFor(service.endpoint);
    await t.step("lists about the service", () => checkServiceLists(tools));
    for (const provider of await cryptoProviders(service)) {
      await t.step(`provider ${provider}`, async (t) => {
        await t.step("lists about the provider", () => checkProviderLists(tools, provider));
        await t.step("random bytes", () => checkRandom(tools, provider));
        for (const maker of tools.both) {
          await t.step(
            `keys that ${maker.name} makes`,
            (t) => checkKeys(t, tools, maker, provider),
          );
        }
        await t.step("keys that only the library makes", (t) => {
          return checkLibraryKeys(t, service, tools, provider);
        });
        await t.step("sizes of RSA keys", () => checkRsaSizes(tools, provider));
      });
    }
    await t.step("clients", () => checkClients(service, tools));
    await t.step("refusals", () => checkRefusals(tools));
  },
);

testNeeding(
  PARSEC_TOOL,
  "parsec-tool and parsec share keys under Unix peer credentials",
  async () => {
    await using service = await startService({ authenticators: [{ type: "UnixPeerCredentials" }] });
    const tools = toolsFor(service.endpoint);
    await printsTheSame(tools, ["list-authenticators"]);
    await tools.theirs.get("create-ecc-key", "-k", "shared");
    const publicKey = await printsTheSame(tools, ["export-public-key", "-k", "shared"]);
    for (const tool of tools.both) {
      const signature = await tool.get("sign", "-k", "shared", TEXT);
      await verifySignature({ publicKey, text: TEXT, signature });
    }
    await printsTheSame(tools, ["list-keys"]);
    await tools.ours.get("delete-key", "-k", "shared");
    equal(await printsTheSame(tools, ["list-keys"]), "");
    for (const tool of tools.both) {
      const { code, stdout } = await tool.run(["list-clients"]);
      equal(stdout, "");
      equal(code, 1);
    }
  },
);

async function checkServiceLists(tools: Tools): Promise<void> {
  equal(await printsTheSame(tools, ["ping"]), "1.0\n");
  match(await printsTheSame(tools, ["list-providers"]), /^ID: 0x01 [^]*ID: 0x00 \(Core provider\)/);
  match(await printsTheSame(tools, ["list-authenticators"]), /^ID: 0x01 \(Direct authentication\)/);
  match(await printsTheSame(tools, ["list-opcodes"], { sorted: true }), /^0x01 \(Ping\)\n/);
  await printsTheSame(tools, ["-p", "0", "list-opcodes"], { sorted: true });
}

async function checkProviderLists(tools: Tools, provider: number): Promise<void> {
  const before = await printsTheSame(tools, ["-p", `${provider}`, "list-opcodes"], {
    sorted: true,
  });
  match(before, /^0x02 \(PsaGenerateKey\)$/m);
  equal(
    await printsTheSame(tools, ["list-opcodes", "-p", `${provider}`], { sorted: true }),
    before,
  );
  equal(await printsTheSame(tools, ["list-keys"]), "");
}

async function checkRandom({ both }: Tools, provider: number): Promise<void> {
  for (const tool of both) {
    const args = ["-p", `${provider}`, "generate-random", "--nbytes", "33"];
    const first = await tool.get(...args);
    match(first, /^([0-9A-F]{2} ){33}\n$/, tool.name);
    notEqual(await tool.get(...args), first, tool.name);
    equal(await tool.get("generate-random", "-n", "0"), "\n", tool.name);
  }
}

/** Everything that can be done with keys that one of the tools makes; the other deletes them. */
async function checkKeys(
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
    equal(await printsTheSame(tools, ["list-keys"]), "");
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
      await checkSignatures(scope, name);
      const args = [...inProvider, "sign", "-k", name, TEXT];
      await printsTheSame(tools, args);
      await checkRequests(scope, name, { deterministic: true });
    });
  });
  await t.step("ECC, signatures", async () => {
    await withKey(["create-ecc-key"], async (name) => {
      await checkSignatures(scope, name);
      await checkRequests(scope, name, { deterministic: false });
    });
  });
}

interface Scope {
  readonly tools: Tools;
  /** Global options that choose the provider. */
  readonly inProvider: readonly string[];
}

async function exportedKey({ tools, inProvider }: Scope, name: string): Promise<string> {
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

async function checkSignatures(scope: Scope, name: string, padding?: Padding): Promise<void> {
  const publicKey = await exportedKey(scope, name);
  for (const tool of scope.tools.both) {
    const signature = await tool.get(...scope.inProvider, "sign", "-k", name, TEXT);
    match(signature, /^[A-Za-z0-9+/]+=*\n$/);
    await verifySignature({ publicKey, text: TEXT, signature, ...(padding && { padding }) });
  }
}

/** Subject fields that both tools write alike; then all of them. */
const PLAIN_FIELDS = [
  "--cn",
  "gw-1",
  "--o",
  "Müller & Co",
  "--ou",
  "OT",
  "--l",
  "Köln",
  "--st",
  "NRW",
];
const NAMES = ["--san", "gw-1.example", "--san", "*.gw-1.example"];

async function checkRequests(
  scope: Scope,
  name: string,
  { deterministic }: { readonly deterministic: boolean },
): Promise<void> {
  const { tools, inProvider } = scope;
  const create = [...inProvider, "create-csr", "-k", name];
  if (deterministic) {
    await printsTheSame(tools, create);
    await printsTheSame(tools, [...create, ...PLAIN_FIELDS]);
    await printsTheSame(tools, [...create, ...PLAIN_FIELDS, ...NAMES]);
  }
  const publicKey = await exportedKey(scope, name);
  for (const tool of tools.both) {
    const all = [...create, ...PLAIN_FIELDS, ...NAMES, "--c", "DE", "--serialNumber", "4711 A"];
    const csr = await tool.get(...all);
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

/** Keys that the tools use but have no option to make; parsec-tool refuses requests with some of them. */
async function checkLibraryKeys(
  t: Deno.TestContext,
  service: ServiceProcess,
  tools: Tools,
  provider: number,
): Promise<void> {
  const client = createClient({
    exchange: unixExchange(service.socketPath),
    authentication: { kind: "direct", name: ADMIN },
  });
  const scope: Scope = { tools, inProvider: ["-p", `${provider}`] };
  for (const row of LIBRARY_KEYS) {
    await t.step(row.title, async () => {
      const flags = usageFlags("signHash", "verifyHash", "signMessage", "verifyMessage");
      const policy = { usageFlags: flags, permittedAlgorithm: row.algorithm };
      const attributes = { type: row.type, bits: row.bits, policy };
      await client.psaGenerateKey(provider, { keyName: row.title, attributes });
      await printsTheSame(tools, ["list-keys"]);
      const publicKey = await exportedKey(scope, row.title);
      for (const tool of row.signedByTool ? tools.both : [tools.ours]) {
        const signature = await tool.get(...scope.inProvider, "sign", "-k", row.title, TEXT);
        const { hash, padding } = row;
        await verifySignature({ publicKey, text: TEXT, signature, hash, padding });
      }
      const create = [
        "create-csr",
        "-k",
        row.title,
        "--cn",
        "x",
        "--san",
        "192.0.2.7",
        "2001:db8::7",
      ];
      const text = await readRequest(await tools.ours.get(...scope.inProvider, ...create));
      match(text, /self-signature verify OK/);
      match(text, row.requestAlgorithm);
      match(text, /IP Address:192\.0\.2\.7, IP Address:2001:DB8:0:0:0:0:0:7/);
      await tools.theirs.get(...scope.inProvider, "delete-key", "-k", row.title);
    });
  }
}

interface LibraryKey {
  readonly title: string;
  readonly type: KeyType;
  readonly bits: number;
  readonly algorithm: Algorithm;
  /** What the signatures are checked with. */
  readonly hash: string;
  readonly padding: Padding;
  readonly signedByTool: boolean;
  readonly requestAlgorithm: RegExp;
}

const RSA: KeyType = { kind: "rsa_key_pair" };
const SECP_R1: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };

const LIBRARY_KEYS: readonly LibraryKey[] = [
  {
    title: "RSA PSS with SHA-256",
    type: RSA,
    bits: 2048,
    algorithm: { kind: "rsa_pss", hash: Hash.Sha256 },
    hash: "sha256",
    padding: "pss",
    signedByTool: true,
    requestAlgorithm:
      /Signature Algorithm: rsassaPss\n\s*Signature Value:\n\s*Hash Algorithm: sha256\n\s*Mask Algorithm: mgf1 with sha256\n\s*Salt Length: 0x20\n/,
  },
  {
    title: "RSA PSS with SHA-384",
    type: RSA,
    bits: 2048,
    algorithm: { kind: "rsa_pss", hash: Hash.Sha384 },
    hash: "sha384",
    padding: "pss",
    signedByTool: true,
    requestAlgorithm:
      /Hash Algorithm: sha384\n\s*Mask Algorithm: mgf1 with sha384\n\s*Salt Length: 0x30\n/,
  },
  {
    title: "RSA PKCS#1 v1.5 with SHA-512",
    type: RSA,
    bits: 2048,
    algorithm: { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha512 },
    hash: "sha512",
    padding: "default",
    signedByTool: true,
    requestAlgorithm: /Signature Algorithm: sha512WithRSAEncryption/,
  },
  {
    title: "RSA PKCS#1 v1.5 with any hash",
    type: RSA,
    bits: 2048,
    algorithm: { kind: "rsa_pkcs1v15_sign", hash: "any" },
    hash: "sha256",
    padding: "default",
    signedByTool: false,
    requestAlgorithm: /Signature Algorithm: sha256WithRSAEncryption/,
  },
  {
    title: "P-384 with SHA-384",
    type: SECP_R1,
    bits: 384,
    algorithm: { kind: "ecdsa", hash: Hash.Sha384 },
    hash: "sha384",
    padding: "default",
    signedByTool: true,
    requestAlgorithm: /Signature Algorithm: ecdsa-with-SHA384/,
  },
  {
    title: "P-521 with any hash",
    type: SECP_R1,
    bits: 521,
    algorithm: { kind: "ecdsa", hash: "any" },
    hash: "sha512",
    padding: "default",
    signedByTool: false,
    requestAlgorithm: /Signature Algorithm: ecdsa-with-SHA512/,
  },
];

async function checkRsaSizes(tools: Tools, provider: number): Promise<void> {
  const inProvider = ["-p", `${provider}`];
  for (const [maker, bits] of [[tools.theirs, "1024"], [tools.ours, "3072"]] as const) {
    await maker.get(...inProvider, "create-rsa-key", "-s", "-b", bits, "-k", "sized");
    match(await printsTheSame(tools, ["list-keys"]), new RegExp(`RsaKeyPair, ${bits} bits,`));
    await tools.ours.get(...inProvider, "delete-key", "-k", "sized");
  }
}

/** Each tool deletes another application's keys as an administrator. */
async function checkClients(service: ServiceProcess, tools: Tools): Promise<void> {
  equal(await printsTheSame(tools, ["list-clients"]), "");
  for (const [client, deleter] of [["app ä", tools.theirs], ["app b", tools.ours]] as const) {
    const as = ["--auth", `direct:${client}`];
    await tools.ours.get(...as, "create-ecc-key", "-k", "mine");
    await tools.theirs.get("create-ecc-key", "-k", "mine");
    equal(await printsTheSame(tools, ["list-clients"]), `${client}\n${ADMIN}\n`);
    equal(await deleter.get("delete-client", "-c", client), "");
    equal(await tools.ours.get(...as, "list-keys"), "");
    match(await printsTheSame(tools, ["list-keys"]), /^\* mine /);
    await deleter.get("delete-key", "-k", "mine");
  }
  ok(service.exitCode === undefined);
}

/** What must fail, with both, without a word on standard output. */
async function checkRefusals(tools: Tools): Promise<void> {
  await tools.theirs.get("create-ecc-key", "-k", "ecc");
  await tools.theirs.get("create-rsa-key", "-k", "rsa");
  const rows = [
    ["delete-key", "-k", "nobody"],
    ["sign", "-k", "nobody", TEXT],
    ["encrypt", "-k", "ecc", TEXT],
    ["sign", "-k", "rsa", TEXT],
    ["decrypt", "-k", "rsa", "AQID"],
    ["create-csr", "-k", "rsa"],
    ["export-public-key", "--pkcs1", "-k", "ecc"],
    ["create-ecc-key", "-k", "ecc"],
    ["-p", "3", "create-ecc-key", "-k", "elsewhere"],
    ["-p", "0", "create-ecc-key", "-k", "core"],
  ];
  for (const args of rows) {
    for (const tool of tools.both) {
      const { code, stdout } = await tool.run(args);
      equal(stdout, "", `${tool.name} ${args.join(" ")}`);
      equal(code, 1, `${tool.name} ${args.join(" ")}`);
    }
  }
  for (const name of ["ecc", "rsa"]) await tools.ours.get("delete-key", "-k", name);
}
