/** What the provider makes of a token that fails, goes away, is slow or tells nonsense: over the shim. */
import assert from "node:assert/strict";
import { CKF, CKR, loadModule } from "../../ffi/pkcs11/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { parsePin, TokenError } from "../../providers/pkcs11/mod.ts";
import { STATUSES } from "../../providers/pkcs11/status.ts";
import { isPinProblem } from "../../providers/pkcs11/token_state.ts";
import { ResponseStatus } from "../../src/status.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { refused, unmadeKey } from "./provider.ts";
import { ECDSA, P256, ShimBench, sign, signingKey, until } from "./shim/bench.ts";
import { ALWAYS } from "./shim/shim.ts";

const { PsaErrorCommunicationFailure, PsaErrorDoesNotExist, PsaErrorHardwareFailure } =
  ResponseStatus;

/** Return values that are mended, so that the client does not see them when they come once. */
const MENDED = [
  "SESSION_HANDLE_INVALID",
  "SESSION_CLOSED",
  "USER_NOT_LOGGED_IN",
  "CRYPTOKI_NOT_INITIALIZED",
  "DEVICE_REMOVED",
  "TOKEN_NOT_PRESENT",
  "TOKEN_NOT_RECOGNIZED",
  "SLOT_ID_INVALID",
  "DEVICE_ERROR",
  "KEY_HANDLE_INVALID",
  "OBJECT_HANDLE_INVALID",
  "KEY_TYPE_INCONSISTENT",
  "OPERATION_ACTIVE",
] as const satisfies readonly (keyof typeof CKR)[];

/** Said by a token that seems to work: believed now and then, so that no client can keep it busy for others. */
const SELDOM_BELIEVED: ReadonlySet<keyof typeof CKR> = new Set([
  "DEVICE_ERROR",
  "USER_NOT_LOGGED_IN",
]);

const BOTH = ["C_SignInit", "C_Sign"] as const;
const CODES = Object.keys(CKR) as readonly (keyof typeof CKR)[];

Deno.test("each return value of C_Sign has its status, and the next call works", async (t) => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  const key = await signingKey(provider);
  const mended: ReadonlySet<string> = new Set(MENDED);
  for (const code of CODES.filter((each) => each !== "OK" && !mended.has(each))) {
    await t.step(`CKR_${code}`, async () => {
      shim.fail("C_Sign", code, 1);
      const wanted = STATUSES.get(CKR[code]) ?? PsaErrorCommunicationFailure;
      await refused(wanted, () => sign(provider, key));
      shim.behave();
      assert.equal((await sign(provider, key)).length, 64);
      assert.equal(provider.state.kind, "ready");
    });
  }
});

Deno.test("a fault on the way to the token is mended and the request answered", async (t) => {
  for (const code of MENDED) {
    await t.step(`CKR_${code}`, async () => {
      await using bench = await ShimBench.create();
      const { shim } = bench;
      await using provider = await bench.open();
      const key = await signingKey(provider);
      for (const name of SELDOM_BELIEVED.has(code) ? ["C_Sign"] as const : BOTH) {
        shim.fail(name, code, 1);
        assert.equal((await sign(provider, key)).length, 64, name);
        shim.behave();
      }
      assert.equal(provider.state.kind, "ready");
    });
  }
  assert.deepEqual(liveHandles(), new Map());
});

Deno.test("a token that is pulled out is back by itself when it is put in again", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  const key = await signingKey(provider);
  shim.remove();
  await refused(PsaErrorHardwareFailure, () => sign(provider, key));
  await until(() => provider.state.kind === "recovering", "the provider says so");
  const begin = performance.now();
  await refused(PsaErrorHardwareFailure, () => sign(provider, key));
  assert.ok(performance.now() - begin < 2500, "nobody waits for long");
  assert.throws(() => unmadeKey(provider, P256, 256), "no key is announced that can't be made");
  shim.behave();
  await until(() => provider.state.kind === "ready", "the token is back");
  assert.equal((await sign(provider, key)).length, 64);
});

Deno.test("the log says that another token is there, and that a PIN is missing", async () => {
  await using bench = await ShimBench.create();
  const { shim, token, softhsm } = bench;
  const other = await softhsm.initToken("other", token.pin);
  const warnings: string[] = [];
  const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  shim.remove(other.slot);
  {
    await using _without = await bench.open({ token: {}, pin: undefined, log });
  }
  assert.match(warnings.join(), /^The token shows its private keys to its user alone/);
  await using provider = await bench.open({ token: {}, log });
  const key = await signingKey(provider);
  shim.behave();
  shim.remove(token.slot);
  await refused(PsaErrorDoesNotExist, () => sign(provider, key));
  assert.match(warnings.join(), /Another token is there/);
});

Deno.test("requests that fail together are mended together", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open({ sessions: 4 });
  const key = await signingKey(provider);
  await sign(provider, key);
  shim.behave();
  await loadModule(shim.path).finalise();
  const signatures = await Promise.all(Array.from({ length: 20 }, () => sign(provider, key)));
  assert.ok(signatures.every(({ length }) => length === 64));
  assert.equal(shim.callsOf("C_Initialize"), 1);
  assert.equal(shim.callsOf("C_Login"), 1);
});

Deno.test("a logout by somebody else in the process is made good", async () => {
  await using bench = await ShimBench.create();
  await using provider = await bench.open();
  const key = await signingKey(provider);
  await sign(provider, key);
  {
    await using session = await loadModule(bench.shim.path).openSession(bench.token.slot);
    await session.logout();
  }
  assert.equal((await sign(provider, key)).length, 64);
});

Deno.test("a key is destroyed whole, or said to be there", async (t) => {
  await using bench = await ShimBench.create();
  const { shim, softhsm, token } = bench;
  const objects = () => softhsm.pkcs11Tool(token, "--list-objects");
  await using provider = await bench.open();
  await t.step("after a logout by somebody else: private keys can't be seen then", async () => {
    const key = await signingKey(provider);
    {
      await using session = await loadModule(shim.path).openSession(token.slot);
      await session.logout();
    }
    await provider.keys.destroyKey(key);
    assert.equal(await objects(), "");
  });
  await t.step("without a PIN", async () => {
    const key = await signingKey(provider);
    await provider[Symbol.asyncDispose]();
    await using without = await bench.open({ pin: undefined });
    await refused(PsaErrorCommunicationFailure, () => without.keys.destroyKey(key));
    assert.match(await objects(), /Private Key Object/);
    assert.match(await objects(), /Public Key Object/);
  });
});

Deno.test("a key that wants a PIN for each use costs other keys nothing", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  const key = await signingKey(provider);
  shim.behave();
  shim.fail("C_Sign", "USER_NOT_LOGGED_IN");
  const signing = () => refused(PsaErrorCommunicationFailure, () => sign(provider, key));
  for (let i = 0; i < 20; i++) await signing();
  assert.equal(shim.callsOf("C_Login"), 1, "it is looked into now and then");
  assert.equal(provider.state.kind, "ready");
});

Deno.test("an object that somebody else has destroyed is a key that does not exist", async () => {
  await using bench = await ShimBench.create();
  await using provider = await bench.open();
  const key = await signingKey(provider);
  await sign(provider, key);
  const id = key.id.toReversed().toHex();
  for (const type of ["privkey", "pubkey"]) {
    await bench.softhsm.pkcs11Tool(bench.token, "--delete-object", "--type", type, "--id", id);
  }
  await refused(PsaErrorDoesNotExist, () => sign(provider, key));
  await provider.keys.destroyKey(key);
});

Deno.test("a wrong length is an answer of a device that fails", async (t) => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  const key = await signingKey(provider);
  for (const length of [0, 63, 65, 1_000_000]) {
    await t.step(`a signature of ${length} bytes`, async () => {
      shim.claimLength("C_Sign", length);
      await refused(PsaErrorHardwareFailure, () => sign(provider, key));
      shim.behave();
      assert.equal((await sign(provider, key)).length, 64);
    });
  }
});

Deno.test("a key is made once, even if the token says that it was not", async (t) => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  for (const way of ["fail", "failAfterwards"] as const) {
    await t.step(way, async () => {
      const key = unmadeKey(provider, P256, 256, { algorithm: ECDSA });
      shim[way]("C_GenerateKeyPair", "DEVICE_REMOVED", 1);
      await refused(PsaErrorHardwareFailure, () => provider.keys.generateKey(key));
      assert.equal(shim.callsOf("C_GenerateKeyPair"), 1);
      await provider.keys.destroyKey(key);
      assert.equal(await bench.softhsm.pkcs11Tool(bench.token, "--list-objects"), "");
      shim.behave();
    });
  }
});

Deno.test("work that has not begun when the token is lost is done on the new connection", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open({ sessions: 1 });
  const keys = Array.from(
    { length: 6 },
    (_, i) => unmadeKey(provider, P256, 256, { algorithm: ECDSA, keyName: `key ${i}` }),
  );
  shim.delay("C_GenerateKeyPair", 50); // all others wait meanwhile
  shim.fail("C_GenerateKeyPair", "DEVICE_REMOVED", 1);
  shim.fail("C_OpenSession", "DEVICE_REMOVED", 1);
  const made = await Promise.allSettled(keys.map((key) => provider.keys.generateKey(key)));
  assert.equal(made.filter(({ status }) => status === "rejected").length, 1);
  assert.equal(shim.callsOf("C_GenerateKeyPair"), keys.length, "each is tried once");
});

Deno.test("a module is not restarted under a provider that is content with it", async () => {
  await using bench = await ShimBench.create();
  const { shim, softhsm } = bench;
  const other = await softhsm.initToken("other");
  await using content = await bench.open();
  const key = await signingKey(content);
  await using waiting = await bench.open({
    token: { serialNumber: "not there" },
    pin: () => parsePin(other.pin),
    waitForToken: true,
  });
  shim.behave();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(waiting.state.kind, "recovering");
  assert.ok(shim.callsOf("C_GetSlotList") > 0, "it is looked for");
  assert.equal(shim.callsOf("C_Finalize"), 0);
  assert.equal((await sign(content, key)).length, 64);
});

Deno.test("a provider may start without its token, and serves when it comes", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  shim.remove();
  await assert.rejects(bench.open(), (error) => {
    assert.ok(error instanceof TokenError);
    assert.equal(error.problem, "slot");
    return true;
  });
  await using provider = await bench.open({ waitForToken: true });
  assert.equal(provider.state.kind, "recovering");
  await refused(PsaErrorCommunicationFailure, () => provider.registry.keySupport(P256, 256));
  await refused(
    PsaErrorHardwareFailure,
    () => provider.primitives.PsaGenerateRandom({ size: 8 }),
  );
  shim.behave();
  await until(() => provider.state.kind === "ready", "the token is there");
  assert.equal((await sign(provider, await signingKey(provider))).length, 64);
});

Deno.test("a provider may start before its module does, if it waits", async (t) => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  shim.fail("C_Initialize", "DEVICE_ERROR");
  const isModuleProblem = (error: unknown) =>
    error instanceof TokenError && error.problem === "module";
  await t.step("not if it does not wait", async () => {
    await assert.rejects(bench.open(), isModuleProblem);
  });
  await t.step("as soon as the module does", async () => {
    await using provider = await bench.open({ waitForToken: true });
    assert.equal(provider.state.kind, "recovering");
    shim.behave();
    await until(() => provider.state.kind === "ready", "the module is there");
    assert.equal((await sign(provider, await signingKey(provider))).length, 64);
  });
  await t.step("not if the module never will", async () => {
    shim.fail("C_Initialize", "CANT_LOCK");
    await assert.rejects(bench.open({ waitForToken: true }), isModuleProblem);
  });
});

Deno.test("a module is the same under each of its paths", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  const link = `${shim.path}.link`;
  await Deno.symlink(shim.path, link);
  await using one = await bench.open();
  {
    await using _other = await bench.open({ libraryPath: link });
  }
  assert.equal(shim.callsOf("C_Initialize"), 1);
  assert.equal(shim.callsOf("C_Finalize"), 0);
  await sign(one, await signingKey(one));
});

Deno.test("a refused PIN is tried once", async (t) => {
  await using bench = await ShimBench.create();
  const { shim, token } = bench;
  await t.step("at the start, whether the token is waited for or not", async () => {
    for (const waitForToken of [false, true]) {
      shim.behave();
      shim.fail("C_Login", "PIN_INCORRECT");
      await assert.rejects(bench.open({ waitForToken }), isPinProblem);
      assert.equal(shim.callsOf("C_Login"), 1);
    }
  });
  for (
    const [name, flag] of [["locked", CKF.USER_PIN_LOCKED], [
      "final",
      CKF.USER_PIN_FINAL_TRY,
    ]] as const
  ) {
    await t.step(`never, where the token says ${name}`, async () => {
      shim.behave();
      shim.setTokenFlags(flag);
      await assert.rejects(bench.open(), isPinProblem);
      assert.equal(shim.callsOf("C_Login"), 0);
    });
  }
  await t.step("later, until it has changed", async () => {
    shim.behave();
    let pin = token.pin;
    await using provider = await bench.open({ pin: () => parsePin(pin) });
    const key = await signingKey(provider);
    shim.behave();
    pin = "wrong";
    await loadModule(shim.path).finalise();
    await refused(ResponseStatus.PsaErrorCommunicationFailure, () => sign(provider, key));
    assert.equal(provider.state.kind, "pin_refused");
    assert.equal(shim.callsOf("C_Login"), 1);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.ok(shim.callsOf("C_GetTokenInfo") >= 3, "it is looked after");
    assert.equal(shim.callsOf("C_Login"), 1);
    pin = token.pin;
    await until(() => provider.state.kind === "ready", "the corrected PIN is taken");
    assert.equal(shim.callsOf("C_Login"), 2);
    assert.equal((await sign(provider, key)).length, 64);
  });
});

Deno.test("a slow token holds up nobody but its own clients", async (t) => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await t.step("a device: not once", async () => {
    shim.setSlotFlags(CKF.HW_SLOT);
    await using provider = await bench.open();
    const key = await signingKey(provider);
    for (let i = 0; i < 50; i++) await sign(provider, key);
    shim.delay("C_SignInit", 200);
    shim.delay("C_Sign", 200);
    assert.ok(await longestHoldUp(() => sign(provider, key)) < 100);
  });
  await t.step("software: once, when it turns slow", async () => {
    shim.behave();
    await using provider = await bench.open();
    const key = await signingKey(provider);
    for (let i = 0; i < 50; i++) await sign(provider, key);
    shim.delay("C_SignInit", 200);
    await sign(provider, key);
    assert.ok(await longestHoldUp(() => sign(provider, key)) < 100);
  });
});

/** The longest time in which nothing else could happen, ms. */
async function longestHoldUp(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(longest, performance.now() - last);
}

Deno.test("a token that always fails is tried again ever more seldom", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  const key = await signingKey(provider);
  shim.fail("C_OpenSession", "DEVICE_ERROR", ALWAYS);
  shim.fail("C_Sign", "DEVICE_REMOVED", 1);
  await refused(PsaErrorHardwareFailure, () => sign(provider, key));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const restarts = shim.callsOf("C_Finalize");
  assert.ok(restarts >= 2 && restarts <= 5, `${restarts} restarts in 2 s`);
});
