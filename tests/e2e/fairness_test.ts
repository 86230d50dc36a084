/**
 * One application can slow only itself: whatever it asks for, another one's requests are answered soon.
 */
import assert from "node:assert/strict";
import { AuthType } from "../../src/auth_type.ts";
import { type Client, createClient, unixExchange } from "../../src/client/mod.ts";
import { Opcode } from "../../src/opcode.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { Hash } from "../../src/psa/hash.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";
import { ResponseStatus } from "../../src/status.ts";
import { message, readAnswer } from "../fakes/fake_front_end.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import { type ServiceProcess, startService } from "./service_process.ts";

const { Software } = ProviderId;
const ALG = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
const HASH = new Uint8Array(32).fill(7);

const rsa = (keyName: string, bits: number) => ({
  keyName,
  attributes: {
    type: { kind: "rsa_key_pair" },
    bits,
    policy: { usageFlags: usageFlags("signHash"), permittedAlgorithm: ALG },
  },
} as const);

function clientOf(service: ServiceProcess, name: string): Client {
  const exchange = unixExchange(service.socketPath);
  return createClient({ exchange, authentication: { kind: "direct", name } });
}

/** Asks as fast as the answers come, on some connections at once; disposing it kills the service. */
class Flood implements AsyncDisposable {
  readonly #service: ServiceProcess;
  readonly #lanes: readonly Promise<void>[];
  #stopped = false;

  constructor(
    service: ServiceProcess,
    connections: number,
    ask: (lane: number, round: number) => Promise<unknown>,
  ) {
    this.#service = service;
    this.#lanes = Array.from({ length: connections }, (_, lane) => this.#run(lane, ask));
  }

  async #run(lane: number, ask: (lane: number, round: number) => Promise<unknown>): Promise<void> {
    for (let round = 0; !this.#stopped; round++) {
      await ask(lane, round).catch((error) => {
        if (!this.#stopped) throw error;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#service.kill();
    await Promise.all(this.#lanes);
  }
}

/** Median of some signatures, ms. */
async function medianSign(client: Client): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 15; i++) {
    const start = performance.now();
    await client.psaSignHash(Software, { keyName: "small", alg: ALG, hash: HASH });
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

const FLOODS: readonly [
  what: string,
  ask: (client: Client, lane: number, round: number) => Promise<unknown>,
][] = [
  [
    "generates RSA keys",
    (client, lane, round) => client.psaGenerateKey(Software, rsa(`${lane} ${round}`, 3072)),
  ],
  [
    "signs with a large RSA key",
    (client) => client.psaSignHash(Software, { keyName: "large", alg: ALG, hash: HASH }),
  ],
  [
    "makes and destroys keys",
    async (client, lane) => {
      const keyName = `${lane}`;
      await client.psaGenerateKey(Software, { ...EXAMPLES.PsaGenerateKey, keyName });
      await client.psaDestroyKey(Software, { keyName });
    },
  ],
];

for (const [what, ask] of FLOODS) {
  Deno.test(`an application that ${what} on 40 connections slows only itself`, async () => {
    await using service = await startService();
    const greedy = clientOf(service, "greedy");
    const modest = clientOf(service, "modest");
    await greedy.psaGenerateKey(Software, rsa("large", 4096));
    await modest.psaGenerateKey(Software, rsa("small", 2048));
    await using _ = new Flood(service, 40, (lane, round) => ask(greedy, lane, round));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const median = await medianSign(modest);
    // Behind all 40 it would be hundreds of milliseconds, or seconds behind the generations.
    assert.ok(median < 100, `the median signature took ${median} ms`);
  });
}

Deno.test("an application that lists a megabyte of keys on 100 connections slows only itself", async () => {
  await using service = await startService();
  const greedy = clientOf(service, "greedy");
  const modest = clientOf(service, "modest");
  await modest.psaGenerateKey(Software, rsa("small", 2048));
  for (let i = 0; i < 100; i++) {
    const keyName = `${i}`.padEnd(8192);
    await greedy.psaGenerateKey(Software, { ...EXAMPLES.PsaGenerateKey, keyName });
  }
  // Nothing is made of the answers: it is the service that is to be slow, not this process.
  const exchange = unixExchange(service.socketPath);
  const auth = new TextEncoder().encode("greedy");
  const request = message({
    header: { opcode: Opcode.ListKeys, authType: AuthType.Direct },
    auth,
  });
  const ask = async () => {
    const { header, body } = readAnswer(await exchange(request));
    assert.equal(header.status, ResponseStatus.Success);
    assert.ok(body.length > 800_000);
  };
  await using _ = new Flood(service, 100, ask);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const median = await medianSign(modest);
  // Behind all 100 it would be more than a second.
  assert.ok(median < 300, `the median signature took ${median} ms`);
});

Deno.test("what is given up before its turn is never done, and keeps nobody waiting at the end", async () => {
  await using service = await startService({ listener: { execution_timeout: 100 } });
  const asked = await Promise.allSettled(
    Array.from(
      { length: 8 },
      (_, i) => clientOf(service, "greedy").psaGenerateKey(Software, rsa(`${i}`, 4096)),
    ),
  );
  assert.ok(asked.filter(({ status }) => status === "rejected").length >= 6);
  assert.equal(await service.stop(), 0);
  await using again = await startService({ folder: service.folder });
  const { keys } = await clientOf(again, "greedy").listKeys();
  // The one that was being made, and as many as may have been faster than the time allowed.
  assert.ok(keys.length <= 3, `${keys.length} keys`);
});
