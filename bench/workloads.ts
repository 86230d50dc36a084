/** What the service is asked in the benchmark, and the bytes of each request as a client sends them. */
import { type Client, createClient, type Exchange, unixExchange } from "../src/client/mod.ts";
import { ProviderId } from "../src/provider_id.ts";
import { Hash } from "../src/psa/hash.ts";
import { EccFamily } from "../src/psa/key_type.ts";
import { usageFlags } from "../src/psa/usage_flags.ts";

const PROVIDER = ProviderId.Software;
const MESSAGE = new Uint8Array(32).fill(0x5a);
const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const RSA_PKCS1 = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;

/** In the order of the report. */
export const WORKLOADS = {
  ping: { title: "ping", ask: (client) => client.ping() },
  hash: {
    title: "SHA-256 of 32 bytes",
    ask: (client) => client.psaHashCompute(PROVIDER, { alg: Hash.Sha256, input: MESSAGE }),
  },
  random: {
    title: "32 random bytes",
    ask: (client) => client.psaGenerateRandom(PROVIDER, { size: 32 }),
  },
  ecdsa: {
    title: "ECDSA P-256 sign",
    ask: (client) => client.psaSignHash(PROVIDER, { keyName: "ecdsa", alg: ECDSA, hash: MESSAGE }),
  },
  rsa: {
    title: "RSA-2048 sign",
    ask: (client) =>
      client.psaSignHash(PROVIDER, { keyName: "rsa", alg: RSA_PKCS1, hash: MESSAGE }),
  },
} as const satisfies Readonly<Record<string, Workload>>;

export type WorkloadName = keyof typeof WORKLOADS;

interface Workload {
  readonly title: string;
  readonly ask: (client: Client) => Promise<unknown>;
}

/**
 * Makes the keys, asks each thing once, and writes the request as it went over the wire to
 * `FOLDER/NAME.request`.
 *
 * @returns The files by workload.
 */
export async function prepareRequests(
  socket: string,
  folder: string,
): Promise<Readonly<Record<WorkloadName, string>>> {
  const exchange = unixExchange(socket);
  await makeKeys(connect(exchange));
  const files = Object.entries(WORKLOADS).map(async ([name, { ask }]) => {
    const file = `${folder}/${name}.request`;
    await ask(connect(async (request) => {
      await Deno.writeFile(file, request);
      return await exchange(request);
    }));
    return [name, file] as const;
  });
  // Every name of WORKLOADS is there: the entries are its own.
  return Object.fromEntries(await Promise.all(files)) as Record<WorkloadName, string>;
}

function connect(exchange: Exchange): Client {
  return createClient({ exchange, authentication: { kind: "direct", name: "bench" } });
}

async function makeKeys(client: Client): Promise<void> {
  const flags = usageFlags("signHash");
  await client.psaGenerateKey(PROVIDER, {
    keyName: "ecdsa",
    attributes: {
      type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
      bits: 256,
      policy: { usageFlags: flags, permittedAlgorithm: ECDSA },
    },
  });
  await client.psaGenerateKey(PROVIDER, {
    keyName: "rsa",
    attributes: {
      type: { kind: "rsa_key_pair" },
      bits: 2048,
      policy: { usageFlags: flags, permittedAlgorithm: RSA_PKCS1 },
    },
  });
}
