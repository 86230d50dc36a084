/** A logger that keeps its lines for the test to look at. */
import {
  LOG_LEVELS,
  type LogFields,
  type Logger,
  type LogLevel,
  type LogWrite,
} from "../../src/log.ts";

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  readonly details: LogFields | { readonly error: unknown };
}

export interface RecordingLogger extends Logger {
  readonly lines: readonly LogLine[];
}

/** Keeps every level; children write to the same lines. */
export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const write = (level: LogLevel): LogWrite => (message, fields = {}, details = {}) => {
    lines.push({ level, message, fields, details });
  };
  const writers = Object.fromEntries(LOG_LEVELS.map((level) => [level, write(level)])) as {
    [L in LogLevel]: LogWrite;
  };
  const logger: RecordingLogger = { ...writers, enabled: () => true, child: () => logger, lines };
  return logger;
}
