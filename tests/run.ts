/**
 * The task `test`: makes the machine ready, runs every test and documentation example of the product (or those
 * under the paths given), and closes with a plain `N passed, N failed`.
 */
import { readJunit, type TestCase } from "./report/junit.ts";
import { judge } from "./report/verdict.ts";
import { prepareMachine } from "./setup/prepare_machine.ts";
import { say } from "./setup/run_command.ts";

/** What the task `guard` runs. */
const GUARDS = "--ignore=tests/architecture,tests/packing";
const ROOTS = ["src", "providers", "ffi", "proto", "image", "bench", "tests"] as const;
const REPORT = "target/test-report.xml";

async function main(paths: readonly string[]): Promise<boolean> {
  try {
    await prepareMachine();
  } catch (error) {
    say(`error: ${error instanceof Error ? error.message : error}`);
    return false;
  }
  const { exitCode, cases } = await runTests(paths.length > 0 ? paths : [GUARDS, ...ROOTS]);
  const { lines, ok } = judge(cases, { exitCode, isCi: Deno.env.has("CI") });
  for (const line of lines) Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
  return ok;
}

async function runTests(
  paths: readonly string[],
): Promise<{ exitCode: number; cases: readonly TestCase[] }> {
  await Deno.mkdir("target", { recursive: true });
  await Deno.writeTextFile(REPORT, "");
  const runner = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-prompt", "--doc", `--junit-path=${REPORT}`, ...paths],
    stdin: "null",
  }).spawn();
  const { code } = await runner.status;
  try {
    return { exitCode: code, cases: readJunit(await Deno.readTextFile(REPORT)) };
  } catch (error) {
    say(`error: ${error instanceof Error ? error.message : error}`);
    return { exitCode: code || 1, cases: [] };
  }
}

Deno.exit(await main(Deno.args) ? 0 : 1);
