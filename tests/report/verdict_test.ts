import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { skippedName } from "../requirements.ts";
import type { TestCase } from "./junit.ts";
import { judge } from "./verdict.ts";

const PASSED: TestCase = { name: "a", file: "a_test.ts", outcome: "passed" };
const FAILED: TestCase = { name: "b", file: "a_test.ts", outcome: "failed" };
const SILENT: TestCase = { name: "c", file: "a_test.ts", outcome: "skipped" };
const SKIPPED: TestCase = { ...SILENT, name: skippedName("d", "no TPM here") };

Deno.test("judge() decides what a run comes to", async (t) => {
  for (
    const { name, cases, exitCode = 0, isCi = false, ok, last } of [
      { name: "all passed", cases: [PASSED, PASSED], ok: true, last: "2 passed, 0 failed" },
      {
        name: "one failed",
        cases: [PASSED, FAILED],
        exitCode: 1,
        ok: false,
        last: "1 passed, 1 failed",
      },
      { name: "nothing ran", cases: [], ok: false, last: "0 passed, 1 failed" },
      {
        name: "the runner died",
        cases: [PASSED],
        exitCode: 139,
        ok: false,
        last: "1 passed, 1 failed",
      },
      {
        name: "skipped with a reason",
        cases: [PASSED, SKIPPED],
        ok: true,
        last: "1 passed, 0 failed",
      },
      {
        name: "skipped in silence",
        cases: [PASSED, SILENT],
        ok: false,
        last: "1 passed, 1 failed",
      },
      {
        name: "skipped in CI",
        cases: [PASSED, SKIPPED],
        isCi: true,
        ok: false,
        last: "1 passed, 1 failed",
      },
    ]
  ) {
    await t.step(name, () => {
      const verdict = judge(cases, { exitCode, isCi });
      strictEqual(verdict.ok, ok);
      strictEqual(verdict.lines.at(-1), last);
    });
  }
});

Deno.test("judge() lists each skipped test with its reason", () => {
  deepStrictEqual(judge([PASSED, SKIPPED], { exitCode: 0, isCi: false }).lines, [
    "skipped: a_test.ts: d (skipped: no TPM here)",
    "1 passed, 0 failed",
  ]);
});
