/**
 * `parsec-tool`, the neighbours' own client: built once from its crate, unmodified, into a folder of the user's
 * cache, where every clone finds it.
 */
import { existsSync } from "node:fs";
import { run, say } from "./run_command.ts";

const VERSION = "0.7.0";

/** Where the tool is: `PARSEC_TOOL` when set, else the cache folder; `undefined` where it is not built. */
export function parsecToolPath(): string | undefined {
  const path = Deno.env.get("PARSEC_TOOL") ?? `${root()}/bin/parsec-tool`;
  return existsSync(path) ? path : undefined;
}

/**
 * Builds the tool with cargo. Takes a minute or two.
 *
 * @throws {Error} With cargo's output, if it fails.
 */
export async function buildParsecTool(): Promise<void> {
  say(`setup: building parsec-tool ${VERSION} (once a machine)`);
  await run("cargo", [
    "install",
    "--quiet",
    "--locked",
    "--version",
    VERSION,
    "--root",
    root(),
    "parsec-tool",
  ]);
}

function root(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/tmp"}/.cache`;
  return `${cache}/parsec-tests/parsec-tool-${VERSION}`;
}
