/** A token that does not answer at all: everybody is told so in time, and nothing else waits for it. */
import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { TokenError } from "../../providers/pkcs11/mod.ts";
import { ResponseStatus } from "../../src/status.ts";
import { refused, unmadeKey } from "./provider.ts";
import { ECDSA, P256, ShimBench, sign, signingKey, until } from "./shim/bench.ts";

const { PsaErrorHardwareFailure } = ResponseStatus;
const LIMITS = { startMs: 500, workMs: 300, creationMs: 600 };
/** Calls come back in the end, or the test could not; longer than each limit, ms. */
const HANG_MS = 2_500;

Deno.test("a call that does not come back is answered, and so are those behind it", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open({ sessions: 2, limits: LIMITS });
  const key = await signingKey(provider);
  shim.delay("C_Sign", HANG_MS);
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: 6 }, () => refused(PsaErrorHardwareFailure, () => sign(provider, key))),
  );
  assert.ok(performance.now() - begin < HANG_MS, "nobody has waited for the call");
  assert.equal(
    provider.state.kind,
    "recovering",
    "both sessions are in use until the calls come back",
  );
  const again = performance.now();
  await refused(PsaErrorHardwareFailure, () => sign(provider, key));
  assert.ok(performance.now() - again < LIMITS.workMs, "the next ones are told at once");
  assert.equal(shim.callsOf("C_Sign"), 2, "and take no more threads");
  shim.behave();
  await until(() => provider.state.kind === "ready", "the token is back");
  assert.equal((await sign(provider, key)).length, 64);
});

Deno.test("one call that hangs leaves the other sessions to others, and comes back to them", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open({ sessions: 3, limits: LIMITS });
  const key = await signingKey(provider);
  shim.delay("C_Sign", HANG_MS);
  const hanging = refused(PsaErrorHardwareFailure, () => sign(provider, key));
  await new Promise((resolve) => setTimeout(resolve, LIMITS.workMs / 3));
  shim.behave();
  await hanging;
  assert.equal((await sign(provider, key)).length, 64);
  assert.equal(shim.callsOf("C_OpenSession"), 3, "two, and one to see whether the token works");
  await until(() => shim.callsOf("C_OpenSession") >= 7, "three, as before");
  assert.equal((await sign(provider, key)).length, 64);
});

Deno.test("a key that takes its time is waited for longer, and not made twice", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open({ limits: LIMITS });
  shim.delay("C_GenerateKeyPair", (LIMITS.workMs + LIMITS.creationMs) / 2);
  const key = unmadeKey(provider, P256, 256, { algorithm: ECDSA });
  await provider.keys.generateKey(key);
  shim.behave();
  shim.delay("C_GenerateKeyPair", HANG_MS);
  const another = unmadeKey(provider, P256, 256, { algorithm: ECDSA });
  await refused(PsaErrorHardwareFailure, () => provider.keys.generateKey(another));
  assert.equal(shim.callsOf("C_GenerateKeyPair"), 1);
});

Deno.test("a module that hangs at the start is said to do so", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  shim.delay("C_GetSlotList", HANG_MS);
  const opening = bench.open({ limits: LIMITS });
  await until(() => shim.callsOf("C_GetSlotList") > 0, "it hangs");
  shim.behave(); // the calls after it don't
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof TokenError);
    assert.equal(error.problem, "module");
    assert.match(error.message, /found no answer after 500 ms; check the token/);
    return true;
  });
  assert.equal(shim.callsOf("C_Finalize"), 1);
  assert.deepEqual(liveHandles(), new Map());
});
