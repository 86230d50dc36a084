/** What a run of the tests comes to: the closing lines, and whether it is good enough. */
import { skipReason } from "../requirements.ts";
import type { TestCase } from "./junit.ts";

export interface Verdict {
  /** Skipped tests with their reasons, complaints, and last the plain `N passed, N failed`. */
  readonly lines: readonly string[];
  readonly ok: boolean;
}

/**
 * Judges a run. A test skipped without its reason is a failure everywhere; on the machines of CI, which have
 * whatever the tests need, any skipped test is.
 *
 * @param exitCode Of the runner; it also fails for reasons that are no test's, such as an import that is missing.
 */
export function judge(
  cases: readonly TestCase[],
  run: { readonly exitCode: number; readonly isCi: boolean },
): Verdict {
  const skipped = cases.filter(({ outcome }) => outcome === "skipped");
  const silent = skipped.filter(({ name }) => skipReason(name) === undefined);
  const forbidden = run.isCi ? skipped : silent;
  const passed = cases.filter(({ outcome }) => outcome === "passed").length;
  const failed = cases.filter(({ outcome }) => outcome === "failed").length + forbidden.length;
  const complaints = [
    ...skipped.map(({ name, file }) => `skipped: ${file}: ${name}`),
    ...silent.map(({ name, file }) => `error: ${file}: "${name}" was skipped without a reason`),
    ...(run.isCi && skipped.length > 0 ? ["error: no test may be skipped in CI"] : []),
    ...(passed === 0 ? ["error: no test passed"] : []),
    ...(run.exitCode !== 0 && failed === 0
      ? [`error: the test runner failed with exit code ${run.exitCode}`]
      : []),
  ];
  const ok = run.exitCode === 0 && failed === 0 && passed > 0;
  return {
    lines: [...complaints, `${passed} passed, ${ok ? failed : Math.max(failed, 1)} failed`],
    ok,
  };
}
