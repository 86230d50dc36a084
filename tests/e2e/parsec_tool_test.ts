/**
 * parsec-tool 0.7.0, unmodified, and the product's own command line, side by side on one running service:
 * every subcommand, RSA and ECC keys, each reading what the other made, and openssl judging all of it.
 */
import { equal, match, notEqual, ok } from "node:assert/strict";
import { createClient, unixExchange } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { PARSEC_TOOL, testNeeding } from "../requirements.ts";
import { checkLibraryKeys } from "./library_keys.ts";
import { verifySignature } from "./openssl.ts";
import { type ServiceProcess, startService } from "./service_process.ts";
import { checkKeys } from "./tool_keys.ts";
import { APPLICATION, printsTheSame, TEXT, type Tools, toolsFor } from "./tools.ts";

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
      authenticators: [{ type: "Direct", admins: [APPLICATION] }],
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
    equal(await printsTheSame(tools, ["list-clients"]), `${client}\n${APPLICATION}\n`);
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
