/**
 * The life of the service as a process: start, reload, stop.
 */
import { dirname } from "node:path/posix";
import { ExitCode } from "./cli/exit_code.ts";
import { ConfigError, formatProblem } from "./config/config_error.ts";
import { compareForReload } from "./config/reload.ts";
import type { CheckedConfig, ConfigNote, ServiceConfig } from "./config/service_config.ts";
import type { Logger } from "./log.ts";
import { logSettings, openLogger } from "./log/open_logger.ts";
import { openStderrSink, stderrIsJournal } from "./log/stderr_sink.ts";
import { RefusedPinError } from "./refused_pin_error.ts";
import {
  openListener,
  openService,
  protectMemory,
  type Service,
  type ServiceListener,
  stderrTakesBytes,
} from "./service.ts";
import { VERSION_TEXT } from "./version.ts";

/** How long requests in progress may go on after SIGTERM; well under systemd's TimeoutStopSec of 90 s. */
const DRAIN_MS = 30_000;

export interface DaemonOptions {
  readonly config: CheckedConfig;
  /** Reads the configuration again, for SIGHUP. */
  readonly readConfig: () => Promise<CheckedConfig>;
  /** Tells a person where the service listens. */
  readonly announce: (endpoint: string) => void;
}

/** Runs until it is told to stop. Returns the exit code of the process. */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { config } = options;
  const hangUps = watchHangUps();
  // The command line connects to sockets through the runtime; the service has its own way and no network.
  Deno.permissions.revokeSync({ name: "net" });
  const { logger: log, reconfigure: reconfigureLog } = openLogger({
    ...logSettings(config.core),
    ...openStderrSink({ takesBytes: stderrTakesBytes() }),
    levelPrefix: stderrIsJournal(Deno.env),
  });
  logNotes(log, config.notes);
  try {
    refuseRoot(config);
    if (config.source === undefined) makeOwnFolder(config);
    protectMemory(config, log);
    await using service = await openService(config, log);
    await using listener = openListener(config, log);
    const stop = watchStop();
    listener.serve(service.frontEnd(config));
    listener.ready();
    hangUps(reloader(options, { service, listener, log, reconfigureLog, stop }));
    log.info("Service is up", { version: VERSION_TEXT, endpoint: listener.endpoint });
    options.announce(listener.endpoint);
    const signal = await Promise.race([stop.signal, listener.failed]);
    log.info("Service is stopping", { signal });
    await Promise.race([listener.stop(DRAIN_MS), listener.failed]);
    return 0;
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error), {}, { error });
    return error instanceof RefusedPinError ? ExitCode.RefusedPin : ExitCode.Failed;
  }
}

/** The embedded default has a folder of its own for the socket; a configured one is the operator's to make. */
function makeOwnFolder({ listener }: ServiceConfig): void {
  Deno.mkdirSync(dirname(listener.socketPath), { recursive: true, mode: 0o700 });
}

function refuseRoot({ core, source }: ServiceConfig): void {
  if (core.allowRoot || Deno.uid() !== 0) return;
  throw new Error(
    `Cannot start: running as root, wanted a user of its own (User=parsec in the unit); ` +
      `core_settings.allow_root = true in ${source ?? "the configuration"} allows it`,
  );
}

function logNotes(log: Logger, notes: readonly ConfigNote[]): void {
  for (const { level, message, file, line, key } of notes) log[level](message, { file, line, key });
}

interface Stop {
  /** Resolves at the first SIGTERM or SIGINT; at a second one the process ends at once. */
  readonly signal: Promise<Deno.Signal>;
  asked: boolean;
}

function watchStop(): Stop {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  const stop = { signal: promise, asked: false };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => {
      if (stop.asked) Deno.exit(1);
      stop.asked = true;
      resolve(signal);
    });
  }
  return stop;
}

/**
 * Watches for SIGHUP, which would end the process otherwise. One that comes during the start is acted upon
 * after it: the file may have changed since it was read.
 *
 * @returns Takes what is to be done.
 */
function watchHangUps(): (act: () => void) => void {
  let act: (() => void) | undefined;
  let early = false;
  Deno.addSignalListener("SIGHUP", () => {
    if (act === undefined) early = true;
    else act();
  });
  return (wanted) => {
    act = wanted;
    if (early) act();
  };
}

/** One for each problem of a configuration file. */
function reasonsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems.map(formatProblem);
  return [error instanceof Error ? error.message : String(error)];
}

interface Running {
  readonly service: Service;
  readonly listener: ServiceListener;
  readonly log: Logger;
  readonly reconfigureLog: (settings: ReturnType<typeof logSettings>) => void;
  readonly stop: Stop;
}

/**
 * Reads the configuration, and swaps only if all of it is good and can be had without a restart: a mistake
 * in the file never ends a running service.
 */
function reloader({ config, readConfig }: DaemonOptions, running: Running): () => void {
  const { service, listener, log, reconfigureLog, stop } = running;
  let current: ServiceConfig = config;
  const reload = async () => {
    if (stop.asked) return;
    listener.reloading();
    try {
      const wanted = await readConfig();
      if (stop.asked) return;
      const { live, restart } = compareForReload(current, wanted);
      if (restart.length > 0) {
        log.error("Cannot reload the configuration: nothing changed, a restart is needed", {
          keys: restart.map(({ key }) => key).join(", "),
        });
        return;
      }
      const frontEnd = service.frontEnd(wanted);
      listener.reconfigure(wanted);
      listener.serve(frontEnd);
      reconfigureLog(logSettings(wanted.core));
      logNotes(log, wanted.notes);
      current = wanted;
      log.info("Configuration reloaded", { changes: live.map(({ key }) => key).join(", ") });
    } catch (error) {
      const message = "Cannot reload the configuration: the old one stays in force";
      for (const reason of reasonsOf(error)) log.error(message, { reason });
    } finally {
      if (!stop.asked) listener.ready();
    }
  };
  let last = Promise.resolve();
  return () => {
    last = last.then(reload);
  };
}
