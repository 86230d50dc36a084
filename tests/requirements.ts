/**
 * What a test may need that not every machine has. A test that can't run says why in its name, so that the
 * closing report (`tests/run.ts`) can print it; nothing is skipped in silence.
 */
import { parsecToolPath } from "./setup/parsec_tool.ts";
import { systemdMeasurePath } from "./setup/systemd_measure.ts";

/** Something a test needs; `missing()` is the reason to skip, or `undefined` where the machine has it. */
export interface Requirement {
  readonly missing: () => string | undefined;
}

/** `parsec-tool` 0.7.0, built from its crate by the setup of the tests. */
export const PARSEC_TOOL: Requirement = {
  missing: () => parsecToolPath() === undefined ? "parsec-tool is not built" : undefined,
};

/** systemd's tool that signs states of a system. */
export const SYSTEMD_MEASURE: Requirement = {
  missing: () =>
    systemdMeasurePath() === undefined ? "systemd-measure is not installed" : undefined,
};

/** To act as another user. */
export const ROOT: Requirement = {
  missing: () => Deno.uid() === 0 ? undefined : "needs root, to act as another user",
};

/** Registers a test that runs where the requirement is met, and is reported as skipped elsewhere. */
export function testNeeding(
  requirement: Requirement,
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const reason = requirement.missing();
  if (reason === undefined) Deno.test(name, fn);
  else Deno.test({ name: skippedName(name, reason), ignore: true, fn });
}

/** The name under which a skipped test is reported. */
export function skippedName(name: string, reason: string): string {
  return `${name} (skipped: ${reason})`;
}

/** The reason in such a name; `undefined` where a test was skipped without one. */
export function skipReason(name: string): string | undefined {
  return name.match(/ \(skipped: (.+)\)$/s)?.[1];
}
