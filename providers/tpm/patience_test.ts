import assert from "node:assert/strict";
import { Tss2Error } from "../../ffi/tss2/mod.ts";
import { type Clock, patiently } from "./patience.ts";

function fakeClock(): Clock & { readonly pauses: readonly number[] } {
  const pauses: number[] = [];
  let now = 0;
  return {
    pauses,
    now: () => now,
    sleep: (ms) => {
      pauses.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

const RETRY = 0x922;

/** Fails with the codes, one a time, then succeeds. */
function failing(...codes: readonly number[]): () => Promise<string> {
  const left = [...codes];
  return () => {
    const code = left.shift();
    if (code === undefined) return Promise.resolve("done");
    return Promise.reject(new Tss2Error("Esys_Sign", code));
  };
}

Deno.test("patiently() waits longer and longer for a TPM that is busy", async () => {
  const clock = fakeClock();
  const codes = [RETRY, 0x90a, 0x908, 0x920];
  assert.equal(await patiently(failing(...codes), clock), "done");
  assert.deepEqual(clock.pauses, [5, 10, 20, 40]);
});

Deno.test("patiently() gives up after ten seconds, with what the TPM said", async () => {
  const clock = fakeClock();
  const run = () => Promise.reject(new Tss2Error("Esys_Sign", RETRY));
  await assert.rejects(() => patiently(run, clock), { code: RETRY });
  assert.ok(clock.now() > 8000 && clock.now() <= 10_000, `${clock.now()} ms`);
  assert.equal(Math.max(...clock.pauses), 1000);
});

Deno.test("patiently() does not try again what fails otherwise", async () => {
  const clock = fakeClock();
  await assert.rejects(() => patiently(failing(0x2c4), clock), { code: 0x2c4 });
  await assert.rejects(() => patiently(() => Promise.reject(new Error("x")), clock), /x/);
  assert.deepEqual(clock.pauses, []);
});
