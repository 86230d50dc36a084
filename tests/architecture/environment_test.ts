/**
 * The variables that the service and the command line read are those they are allowed to. It matters: one that
 * is not allowed reads as if it were not set, without an error.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { serviceFlags } from "../../image/service_flags.ts";
import { allFiles, ROOT } from "./module_graph.ts";

/** A name in a call that reads a variable, or one of a family that only the environment has. */
const NAMES = [
  /\b(?:get|has|environment)\(\s*"([A-Z][A-Z0-9_]+)"/g,
  /"((?:XDG|LISTEN|WATCHDOG|NOTIFY|PARSEC|JOURNAL|CREDENTIALS)_[A-Z_]+|HOME)"/g,
] as const;

/** Read by commander, for its help. */
const OF_PACKAGES = ["NO_COLOR"] as const;

function namesIn(text: string): readonly string[] {
  return NAMES.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
}

Deno.test("the allowed environment variables are those that are read", () => {
  const production = allFiles().filter((file) =>
    /^(src|providers|ffi)\//.test(file) && !file.endsWith("_test.ts")
  );
  const read = production.flatMap((file) => namesIn(Deno.readTextFileSync(ROOT + file)));
  ok(read.length > 0, "no variable is read: the patterns are out of date");
  const flag = serviceFlags().find((each) => each.startsWith("--allow-env="));
  const allowed = flag?.slice(flag.indexOf("=") + 1).split(",") ?? [];
  deepStrictEqual([...new Set([...read, ...OF_PACKAGES])].sort(), allowed.toSorted());
});
