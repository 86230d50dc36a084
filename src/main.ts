/**
 * Entry of the executable: from the command line to a command.
 */
import { processDependencies, processIo, runCommandLine } from "./cli/mod.ts";
import { serveCommand } from "./cli/commands/serve.ts";
import { clientEndpoint } from "./config/embedded_default.ts";
import { VERSION_TEXT } from "./version.ts";

/** The original service's own command line: `parsec --config FILE` is `parsec serve --config FILE`. */
function withSubcommand(argv: readonly string[]): string[] {
  const isServe = argv[0] !== undefined && /^(-c|--config)(=|$)/.test(argv[0]);
  return isServe ? ["serve", ...argv] : [...argv];
}

if (import.meta.main) {
  const dependencies = processDependencies({
    version: VERSION_TEXT,
    defaultEndpoint: clientEndpoint(Deno.env, Deno.uid() ?? 0),
    commands: [serveCommand],
  });
  Deno.exit(await runCommandLine(withSubcommand(Deno.args), processIo(), dependencies));
}
