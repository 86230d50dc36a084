/**
 * The one implementation of the service's log. It alone decides what is written: by level, and details (names
 * of keys and applications, inner errors) only where `log_error_details` allows.
 */
import type { CoreConfig } from "../config/service_config.ts";
import type { Logger, LogLevel, LogWrite } from "../log.ts";
import { formatJson, formatText, gatherValues } from "./log_line.ts";

/** What a reload of the configuration may change. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** Whether text lines say the time; JSON lines always do. */
  readonly timestamp: boolean;
  /** Whether details may be shown. */
  readonly details: boolean;
}

export interface LogOptions extends LogSettings {
  /** Takes one whole line with its line feed. An error it throws reaches the caller of the logger. */
  readonly write: (line: Uint8Array<ArrayBuffer>) => void;
  /** How many lines `write` lost since it was last asked; they are reported before the next line. */
  readonly takeLost?: () => number;
  /** Whether lines start with the `<3>` that tells journald the level (sd-daemon(3)). */
  readonly levelPrefix?: boolean;
  readonly now?: () => Date;
}

export interface OpenLogger {
  readonly logger: Logger;
  /** Changes the settings of this logger and of every child made from it. */
  reconfigure(settings: Partial<LogSettings>): void;
}

/** What all loggers of one `openLogger` share. */
interface SharedLog {
  settings: LogSettings;
  /** Rank of the last level that is written. */
  rank: number;
  readonly put: (level: LogLevel, component: string, ...line: Parameters<LogWrite>) => void;
}

/** The component of the logger that is no child of another. */
const ROOT = "parsec";

const RANKS: Readonly<Record<LogLevel, number>> = {
  error: 0,
  warn: 1,
  info: 2,
  debug: 3,
  trace: 4,
};

/** syslog severities, sd-daemon(3). */
const LEVEL_PREFIXES: Readonly<Record<LogLevel, string>> = {
  error: "<3>",
  warn: "<4>",
  info: "<6>",
  debug: "<7>",
  trace: "<7>",
};

/**
 * Opens a log that hands its lines to `options.write`.
 *
 * A line that its level keeps out costs one comparison.
 */
export function openLogger(options: LogOptions): OpenLogger {
  const encoder = new TextEncoder();
  const now = options.now ?? (() => new Date());
  const shared: SharedLog = {
    settings: options,
    rank: RANKS[options.level],
    put(level, component, message, fields, details) {
      const lost = options.takeLost?.() ?? 0;
      if (lost > 0) shared.put("warn", "log", "Lines of the log were lost", { count: lost });
      const { format, timestamp, details: mayShowDetails } = shared.settings;
      const values = gatherValues(fields, mayShowDetails ? details : undefined);
      const line = { time: now(), level, component, message, values };
      const text = format === "json" ? formatJson(line) : formatText(line, { timestamp });
      const prefix = options.levelPrefix ? LEVEL_PREFIXES[level] : "";
      options.write(encoder.encode(`${prefix}${text}\n`));
    },
  };
  return {
    logger: makeLogger(shared, ROOT),
    reconfigure(settings) {
      shared.settings = { ...shared.settings, ...settings };
      shared.rank = RANKS[shared.settings.level];
    },
  };
}

function makeLogger(shared: SharedLog, component: string): Logger {
  const writer = (level: LogLevel): LogWrite => {
    const rank = RANKS[level];
    return (message, fields, details) => {
      if (rank <= shared.rank) shared.put(level, component, message, fields, details);
    };
  };
  return {
    error: writer("error"),
    warn: writer("warn"),
    info: writer("info"),
    debug: writer("debug"),
    trace: writer("trace"),
    enabled: (level) => RANKS[level] <= shared.rank,
    child: (name) => makeLogger(shared, component === ROOT ? name : `${component}.${name}`),
  };
}

/** The settings of the log as the configuration says them. */
export function logSettings(core: CoreConfig): LogSettings {
  return {
    level: core.logLevel,
    format: core.logFormat,
    timestamp: core.logTimestamp,
    details: core.logErrorDetails,
  };
}
