/** A service over a token that goes away, comes back, fails or is slow: the service and its other keys live on. */
import assert from "node:assert/strict";
import { type Client, ServiceError } from "../../src/client/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus, statusName } from "../../src/status.ts";
import { EXAMPLES } from "../fakes/operation_examples.ts";
import type { TempFolder } from "../fakes/temp_folder.ts";
import { Pkcs11Service } from "../pkcs11/pkcs11_service.ts";
import { until } from "../pkcs11/shim/bench.ts";
import { Shim } from "../pkcs11/shim/shim.ts";

const { Pkcs11, Software } = ProviderId;
const { keyName } = EXAMPLES.PsaSignHash;

const WHILE_AWAY: readonly number[] = [
  ResponseStatus.PsaErrorHardwareFailure,
  ResponseStatus.PsaErrorCommunicationFailure,
];

/** A software provider beside the token. */
function software(folder: TempFolder): string {
  return [
    "[[provider]]",
    'provider_type = "Software"',
    'key_info_manager = "keys"',
    `store_path = "${folder.file("software")}"`,
    "",
  ].join("\n");
}

async function signAndVerify(client: Client, provider: number): Promise<void> {
  const { signature } = await client.psaSignHash(provider, EXAMPLES.PsaSignHash);
  await client.psaVerifyHash(provider, { ...EXAMPLES.PsaVerifyHash, signature });
}

/** The status of an answer; 0 where it is good. */
async function statusOf(answer: Promise<unknown>): Promise<number> {
  try {
    await answer;
    return 0;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.status;
  }
}

/** Does something again and again, beside what else happens, and counts how often it worked and what else came. */
class Load {
  readonly statuses = new Map<number, number>();
  longestMs = 0;
  #isOver = false;
  readonly #loop: Promise<void>;

  constructor(work: () => Promise<void>) {
    this.#loop = this.#run(work);
  }

  get successes(): number {
    return this.statuses.get(0) ?? 0;
  }

  get failures(): number {
    return [...this.statuses.values()].reduce((sum, count) => sum + count, 0) - this.successes;
  }

  async #run(work: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      const begin = performance.now();
      const status = await statusOf(work());
      this.longestMs = Math.max(this.longestMs, performance.now() - begin);
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#loop;
  }
}

Deno.test("the token goes away and comes back under load; nothing else notices", async (t) => {
  await using shim = await Shim.build();
  await using pkcs11 = await Pkcs11Service.start({
    provider: { library_path: shim.path },
    more: software,
  });
  const client = pkcs11.client();
  await client.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey);
  const other = pkcs11.client("other");
  await other.psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);
  const onToken = [1, 2, 3].map(() => new Load(() => signAndVerify(client, Pkcs11)));
  const inSoftware = new Load(() => signAndVerify(other, Software));
  const count = () => onToken.map(({ successes }) => successes);
  const isServed = (before: readonly number[]) => count().every((each, i) => each > before[i]! + 2);

  const disturbances: readonly (readonly [title: string, disturb: () => void])[] = [
    ["it is pulled out", () => shim.remove()],
    ["its sessions are gone", () => shim.fail("C_SignInit", "SESSION_HANDLE_INVALID")],
    ["it was logged out", () => shim.logOut()],
    ["its driver fails", () => shim.fail("C_Sign", "DEVICE_ERROR")],
    ["its library has lost its mind", () => shim.fail("C_SignInit", "CRYPTOKI_NOT_INITIALIZED")],
  ];
  for (const [title, disturb] of disturbances) {
    await t.step(title, async () => {
      await until(() => isServed(onToken.map(() => 0)), "it works");
      const told = onToken.map(({ failures }) => failures);
      disturb();
      await until(() => onToken.every((each, i) => each.failures > told[i]!), "clients are told");
      shim.behave();
      const back = count();
      await until(() => isServed(back), "it serves again");
    });
  }
  await t.step("clients were told that the token was away, and nothing else", async () => {
    await Promise.all([...onToken, inSoftware].map((load) => load.stop()));
    for (const status of onToken.flatMap(({ statuses }) => [...statuses.keys()])) {
      assert.ok(status === 0 || WHILE_AWAY.includes(status), statusName(status));
    }
  });
  await t.step("keys in software were served all the time", () => {
    assert.deepEqual([...inSoftware.statuses.keys()], [0]);
    assert.ok(inSoftware.successes > 50, `${inSoftware.successes}`);
    assert.ok(inSoftware.longestMs < 1000, `${inSoftware.longestMs} ms`);
  });
  await t.step("the log says so, once each time", () => {
    const { log } = pkcs11.service;
    const lost = log.match(/Lost the token/g)?.length ?? 0;
    const back = log.match(/The token is back/g)?.length ?? 0;
    assert.ok(lost >= disturbances.length, log);
    assert.equal(back, lost, log);
  });
  await t.step("the service was never restarted, and ends in order", async () => {
    assert.equal(pkcs11.service.exitCode, undefined);
    assert.equal(await pkcs11.service.stop(), 0);
  });
});

Deno.test("a token that takes its time costs other keys no time", async () => {
  await using shim = await Shim.build();
  await using pkcs11 = await Pkcs11Service.start({
    provider: { library_path: shim.path },
    more: software,
  });
  const client = pkcs11.client();
  await client.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey);
  const other = pkcs11.client("other");
  await other.psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);
  await signAndVerify(client, Pkcs11);
  shim.delay("C_Sign", 700);
  const slow = [1, 2, 3, 4].map(() => client.psaSignHash(Pkcs11, EXAMPLES.PsaSignHash));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begin = performance.now();
  for (let i = 0; i < 10; i++) await signAndVerify(other, Software);
  const took = performance.now() - begin;
  assert.ok(took < 500, `${took} ms`);
  for (const { signature } of await Promise.all(slow)) assert.equal(signature.length, 64);
});

Deno.test("a service may start without its token, if the configuration says so", async () => {
  await using shim = await Shim.build();
  shim.remove();
  await assert.rejects(
    Pkcs11Service.start({ provider: { library_path: shim.path }, more: software }),
    /Cannot find the token/,
  );
  await using pkcs11 = await Pkcs11Service.start({
    provider: { library_path: shim.path, wait_for_token: true },
    more: software,
  });
  const client = pkcs11.client();
  await client.psaGenerateKey(Software, EXAMPLES.PsaGenerateKey);
  await signAndVerify(client, Software);
  await client.psaDestroyKey(Software, { keyName });
  const create = () => statusOf(client.psaGenerateKey(Pkcs11, EXAMPLES.PsaGenerateKey));
  assert.ok(WHILE_AWAY.includes(await create()));
  shim.behave();
  const end = performance.now() + 10_000;
  while (await create() !== 0) {
    assert.ok(performance.now() < end, pkcs11.service.log);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await signAndVerify(client, Pkcs11);
});
