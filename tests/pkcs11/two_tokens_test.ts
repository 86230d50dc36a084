/** Two providers on two tokens of one module: they work side by side, and what happens to one is not the other's. */
import assert from "node:assert/strict";
import { loadModule } from "../../ffi/pkcs11/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { parsePin } from "../../providers/pkcs11/mod.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { refused, type TestProvider } from "./provider.ts";
import { ECDSA, ShimBench, signingKey, until } from "./shim/bench.ts";
import type { SoftHsmToken } from "./softhsm.ts";

const MESSAGE = new TextEncoder().encode("meter 7");
const HASH = new Uint8Array(await crypto.subtle.digest("SHA-256", MESSAGE));

interface Side {
  readonly token: SoftHsmToken;
  readonly provider: TestProvider;
  readonly key: Key;
  readonly publicKey: CryptoKey;
}

class TwoTokens implements AsyncDisposable {
  readonly #bench: ShimBench;
  readonly one: Side;
  readonly two: Side;

  private constructor(bench: ShimBench, one: Side, two: Side) {
    this.#bench = bench;
    this.one = one;
    this.two = two;
  }

  static async open(): Promise<TwoTokens> {
    const bench = await ShimBench.create();
    const second = await bench.softhsm.initToken("second", "4321");
    return new TwoTokens(bench, await openSide(bench, bench.token), await openSide(bench, second));
  }

  get shim(): ShimBench["shim"] {
    return this.#bench.shim;
  }

  objects({ token }: Side): Promise<string> {
    return this.#bench.softhsm.pkcs11Tool(token, "--list-objects");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { provider } of [this.one, this.two]) await provider[Symbol.asyncDispose]();
    await this.#bench[Symbol.asyncDispose]();
  }
}

async function openSide(bench: ShimBench, token: SoftHsmToken): Promise<Side> {
  const provider = await bench.open({
    name: token.label,
    token: { serialNumber: token.serialNumber },
    pin: () => parsePin(token.pin),
  });
  const key = await signingKey(provider, `of-${token.label}`);
  const point = new Uint8Array(await provider.keys.exportPublicKey(key));
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const publicKey = await crypto.subtle.importKey("raw", point, algorithm, false, ["verify"]);
  return { token, provider, key, publicKey };
}

/** Signs, and has the signature judged by somebody else. */
async function useKey({ provider, key, publicKey }: Side): Promise<void> {
  const operation = { keyName: "key", alg: ECDSA, hash: HASH };
  const { signature } = await provider.primitives.PsaSignHash(key, operation);
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const bytes = new Uint8Array(signature);
  assert.ok(await crypto.subtle.verify(algorithm, publicKey, bytes, MESSAGE), "another key signed");
}

Deno.test("two tokens of one module work in parallel, each with its own keys", async () => {
  await using tokens = await TwoTokens.open();
  const { one, two } = tokens;
  for (const side of [one, two]) {
    const labels = [...(await tokens.objects(side)).matchAll(/label: +(\S+) /g)];
    assert.deepEqual(
      new Set(labels.map(([, label]) => label)),
      new Set([`of-${side.token.label}`]),
    );
  }
  await Promise.all(Array.from({ length: 40 }, (_, i) => useKey(i % 2 === 0 ? one : two)));
  await one.provider[Symbol.asyncDispose]();
  await useKey(two);
});

Deno.test("a token is pulled out and put in again; the other one serves all the while", async () => {
  await using tokens = await TwoTokens.open();
  const { one, two, shim } = tokens;
  let served = 0;
  let isOver = false;
  const load = (async () => {
    for (; !isOver; served++) {
      await useKey(two);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  shim.behave();
  shim.remove(one.token.slot);
  await refused(ResponseStatus.PsaErrorHardwareFailure, () => useKey(one));
  await until(() => one.provider.state.kind === "recovering", "it is missed");
  const before = served;
  await until(() => served > before + 20, "the other one serves");
  assert.equal(two.provider.state.kind, "ready");
  assert.equal(shim.callsOf("C_Finalize"), 0, "the module is not restarted");
  shim.behave();
  await until(() => one.provider.state.kind === "ready", "it is back");
  await useKey(one);
  isOver = true;
  await load;
});

Deno.test("a module that has lost its mind is restarted once, and both tokens are back", async (t) => {
  for (const idle of [false, true]) {
    await t.step(idle ? "while one is idle" : "while both are in use", async () => {
      await using tokens = await TwoTokens.open();
      const { one, two, shim } = tokens;
      for (const side of [one, two]) await useKey(side);
      shim.behave();
      await loadModule(shim.path).finalise();
      await Promise.all((idle ? [two] : [one, two, one, two]).map(useKey));
      // The second now has sessions with the numbers that those of the first had.
      await useKey(one);
      await useKey(two);
      assert.equal(shim.callsOf("C_Initialize"), 1);
    });
  }
  assert.deepEqual(liveHandles(), new Map());
});
