/**
 * Keys that both tools use but have no option to make: PSS, other hashes and curves.
 */
import { match } from "node:assert/strict";
import { createClient, unixExchange } from "../../src/client/mod.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { type Padding, readRequest, verifySignature } from "./openssl.ts";
import type { ServiceProcess } from "./service_process.ts";
import { exportedKey, type Scope } from "./tool_keys.ts";
import { APPLICATION, printsTheSame, TEXT, type Tools } from "./tools.ts";

/** parsec-tool makes no certificate requests with PSS, and does not sign where the hash is left open. */
export async function checkLibraryKeys(
  t: Deno.TestContext,
  service: ServiceProcess,
  tools: Tools,
  provider: number,
): Promise<void> {
  const client = createClient({
    exchange: unixExchange(service.socketPath),
    authentication: { kind: "direct", name: APPLICATION },
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
      await using cleanup = new AsyncDisposableStack();
      cleanup.defer(async () => {
        await tools.theirs.get(...scope.inProvider, "delete-key", "-k", row.title);
      });
      for (const tool of row.signedByTool ? tools.both : [tools.ours]) {
        const signature = await tool.get(...scope.inProvider, "sign", "-k", row.title, TEXT);
        const { hash, padding } = row;
        await verifySignature({ publicKey, text: TEXT, signature, hash, padding });
      }
      const create = ["create-csr", "-k", row.title, "--cn", "x", ...ADDRESSES];
      const text = await readRequest(await tools.ours.get(...scope.inProvider, ...create));
      match(text, /self-signature verify OK/);
      match(text, row.requestAlgorithm);
      match(text, /IP Address:192\.0\.2\.7, IP Address:2001:DB8:0:0:0:0:0:7/);
    });
  }
}

/** Two values of one option, as commander and clap take them. */
const ADDRESSES = ["--san", "192.0.2.7", "2001:db8::7"];

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
      /Signature Algorithm: rsassaPss\n\s*Signature Value:\s*Hash Algorithm: sha256\n\s*Mask Algorithm: mgf1 with sha256\n\s*Salt Length: 0x20\n/,
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
