/**
 * The log of the service, as the rest of it sees it. One implementation writes to stderr; it alone decides
 * what may be said.
 */
export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = typeof LOG_LEVELS[number];

/** Facts that are nobody's secret: numbers, statuses, paths of the configuration. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line of the log. Secrets are never passed in, not even as details. */
export type LogWrite = (
  /** Capital, no full stop; constant, so that lines can be searched for. */
  message: string,
  fields?: LogFields,
  /** Names of keys and applications, inner errors: shown only where `log_error_details` allows it. */
  details?: LogFields | { readonly error: unknown },
) => void;

export type Logger =
  & { readonly [L in LogLevel]: LogWrite }
  & {
    /** Whether a line of this level would be written; to spare the making of its fields. */
    enabled(level: LogLevel): boolean;
    /** A logger whose lines name this part of the service. */
    child(component: string): Logger;
  };
