/**
 * Entry of the executable: from the command line to a command.
 */
import { processDependencies, processIo, runCommandLine } from "./cli/mod.ts";
import { serveCommand } from "./cli/commands/serve.ts";
import { DEFAULT_ENDPOINT } from "./client/mod.ts";
import { ConfigError } from "./config/config_error.ts";
import { embeddedPaths } from "./config/embedded_default.ts";
import { VERSION_TEXT } from "./version.ts";

/** The original service's own command line: `parsec --config FILE` is `parsec serve --config FILE`. */
function withSubcommand(argv: readonly string[]): string[] {
  const isServe = argv[0] !== undefined && /^(-c|--config(=|$))/.test(argv[0]);
  return isServe ? ["serve", ...argv] : [...argv];
}

/**
 * Where a client looks when nothing tells it: the socket of this user's own service (`parsec serve` without
 * a configuration) if there is one, else the system's.
 */
function defaultEndpoint(): string {
  try {
    const { socketPath } = embeddedPaths(Deno.env);
    return Deno.lstatSync(socketPath).isSocket ? `unix:${socketPath}` : DEFAULT_ENDPOINT;
  } catch (error) {
    const isAbsent = error instanceof ConfigError || error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied;
    if (!isAbsent) throw error;
    return DEFAULT_ENDPOINT;
  }
}

if (import.meta.main) {
  const dependencies = processDependencies({
    version: VERSION_TEXT,
    defaultEndpoint: defaultEndpoint(),
    commands: [serveCommand],
  });
  Deno.exit(await runCommandLine(withSubcommand(Deno.args), processIo(), dependencies));
}
