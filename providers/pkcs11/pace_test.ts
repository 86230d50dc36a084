import assert from "node:assert/strict";
import type { CallKind } from "../../ffi/pkcs11/mod.ts";
import { MeasuredPace } from "./pace.ts";

const SIGN: CallKind = { functionName: "C_Sign", mechanism: 1, length: 32 };
const QUICK = 0.01;
const SLOW = 0.5;

/** Makes calls that take so long, wherever the pace wants them; returns how many of them were made here. */
function call(pace: MeasuredPace, kind: CallKind, count: number, ms: number): number {
  let here = 0;
  for (let i = 0; i < count; i++) {
    const isQuick = pace.isQuick(kind);
    if (isQuick) here++;
    pace.took(kind, isQuick ? ms : ms + 0.03, isQuick ? "here" : "elsewhere");
  }
  return here;
}

Deno.test("MeasuredPace makes quick calls here, after some elsewhere", () => {
  const pace = new MeasuredPace();
  assert.equal(call(pace, SIGN, 4, QUICK), 0);
  assert.equal(call(pace, SIGN, 100, QUICK), 100);
});

Deno.test("MeasuredPace never tries slow calls here", () => {
  const pace = new MeasuredPace();
  assert.equal(call(pace, SIGN, 50_000, SLOW), 0);
});

Deno.test("MeasuredPace tries calls that are neither now and then", () => {
  const pace = new MeasuredPace();
  assert.equal(call(pace, SIGN, 6_000, 0.1), 3 * 8);
});

Deno.test("MeasuredPace does not take the first calls of a trial for the others", () => {
  const pace = new MeasuredPace();
  call(pace, SIGN, 4, QUICK);
  assert.equal(call(pace, SIGN, 1, 1), 1);
  assert.equal(call(pace, SIGN, 100, QUICK), 100);
});

Deno.test("MeasuredPace forgives a call now and then that is held up", () => {
  const pace = new MeasuredPace();
  call(pace, SIGN, 100, QUICK);
  for (let i = 0; i < 50; i++) {
    assert.equal(call(pace, SIGN, 1, 1.5), 1);
    assert.equal(call(pace, SIGN, 20, QUICK), 20);
  }
});

Deno.test("MeasuredPace stops after one call that stalls", () => {
  const pace = new MeasuredPace();
  call(pace, SIGN, 100, QUICK);
  assert.equal(call(pace, SIGN, 100, 200), 1);
});

Deno.test("MeasuredPace does not turn away from calls that are near the limit", () => {
  const pace = new MeasuredPace();
  call(pace, SIGN, 100, QUICK);
  assert.equal(call(pace, SIGN, 1000, 0.1), 1000);
});

Deno.test("MeasuredPace stops when calls get slower", () => {
  const pace = new MeasuredPace();
  call(pace, SIGN, 100, QUICK);
  const here = call(pace, SIGN, 1000, 0.2);
  assert.ok(here > 1 && here < 50, `${here} here`);
});

Deno.test("MeasuredPace keeps functions, mechanisms and long data apart", () => {
  const pace = new MeasuredPace();
  call(pace, SIGN, 100, QUICK);
  assert.ok(pace.isQuick(SIGN));
  assert.ok(!pace.isQuick({ ...SIGN, mechanism: 2 }));
  assert.ok(!pace.isQuick({ ...SIGN, functionName: "C_Encrypt" }));
  assert.ok(!pace.isQuick({ ...SIGN, length: 100_000 }));
  pace.took({ ...SIGN, length: 100_000 }, 300, "elsewhere");
  assert.ok(pace.isQuick(SIGN));
});
