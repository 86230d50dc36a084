/**
 * `parsec serve`: runs the service.
 */
import type { CheckedConfig } from "../../config/service_config.ts";
import { CommandError } from "../exit_code.ts";
import { defineCommand } from "../command.ts";
import { flag, text } from "../parameters.ts";

export const serveCommand = defineCommand({
  name: "serve",
  summary: "run the service",
  details:
    "Without --config the service runs on its embedded default: software provider, keys in " +
    "the user's state folder. SIGTERM and SIGINT let the requests in progress finish, SIGHUP reads " +
    "the configuration again and keeps the old one if the new one is not good.",
  parameters: {
    config: text("-c, --config <file>", "configuration file (parsec.toml)"),
    check: flag("--check", "only check the configuration"),
  },
  run: async (session, { config: file, check }) => {
    const config = await orRefuse(() => readConfig(file));
    if (check) {
      const { checkFiles } = await import("../../service.ts");
      await orRefuse(() => checkFiles(config));
      for (const { level, message, line } of config.notes) {
        session.note(`${level}: ${line === undefined ? "" : `line ${line}: `}${message}`);
      }
      session.note(`${config.source ?? "embedded default"}: the configuration is good`);
      return;
    }
    const { runDaemon } = await import("../../daemon.ts");
    return await runDaemon({
      config,
      readConfig: () => readConfig(file),
      announce: (endpoint) =>
        session.print({ text: `PARSEC_SERVICE_ENDPOINT=${endpoint}\n`, json: { endpoint } }),
    });
  },
});

/** @throws {CommandError} With every problem of the configuration, one a line. */
async function orRefuse<T>(read: () => Promise<T>): Promise<T> {
  const { ConfigError } = await import("../../config/config_error.ts");
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new CommandError(error.format(), { cause: error });
  }
}

/** @throws {ConfigError} */
async function readConfig(file: string | undefined): Promise<CheckedConfig> {
  if (file === undefined) {
    const { embeddedDefault } = await import("../../config/embedded_default.ts");
    return embeddedDefault(Deno.env);
  }
  const { loadConfig } = await import("../../config/load_config.ts");
  return await loadConfig(file);
}
