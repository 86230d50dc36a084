/**
 * The task `bench`: what the service does with a request of each kind, beside the least that C can do and
 * beside the library alone, and whether that is good enough.
 *
 *   deno task bench [--quick] [--json FILE]
 *
 * Exits with 1 if a target is missed. With PARSEC_BIN it measures that executable instead of the sources.
 */
import { COMPILER, ensurePackages, OPENSSL } from "../tests/setup/apt_packages.ts";
import { FULL, measure, QUICK } from "./measure.ts";
import { buildNativePrograms } from "./native_programs.ts";
import { reportLines } from "./report.ts";
import { judge } from "./targets.ts";

interface Options {
  readonly quick: boolean;
  readonly json: string | undefined;
}

/** @throws {TypeError} If an argument is not known or lacks its value. */
function readOptions(args: readonly string[]): Options {
  const jsonAt = args.indexOf("--json");
  const json = jsonAt === -1 ? undefined : args[jsonAt + 1];
  const rest = args.filter((arg, i) =>
    arg !== "--quick" && (jsonAt === -1 || i - jsonAt !== 1 && i !== jsonAt)
  );
  if (rest.length > 0 || (jsonAt !== -1 && json === undefined)) {
    throw new TypeError(
      `Cannot read the arguments: found ${args.join(" ")}, wanted [--quick] [--json FILE]`,
    );
  }
  return { quick: args.includes("--quick"), json };
}

const { quick, json } = readOptions(Deno.args);
await ensurePackages([COMPILER, OPENSSL]);
const folder = await Deno.makeTempDir({ prefix: "parsec-bench-" });
try {
  const programs = await buildNativePrograms(folder);
  const results = await measure(quick ? QUICK : FULL, programs, folder);
  const verdicts = judge(results);
  const text = reportLines(results, verdicts).join("\n") + "\n";
  Deno.stdout.writeSync(new TextEncoder().encode(text));
  if (json !== undefined) {
    await Deno.writeTextFile(json, JSON.stringify({ ...results, verdicts }, undefined, 2) + "\n");
  }
  Deno.exitCode = verdicts.every(({ met }) => met) ? 0 : 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
