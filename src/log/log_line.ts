/**
 * One line of the log, as text or as JSON. Strings are escaped, so that no name can forge a line or drive a
 * terminal; values that are not scalars (bytes, objects) are never looked into.
 */
import type { LogFields, LogLevel } from "../log.ts";
import { flattenError } from "./flatten_error.ts";
import { escapeText, quote, shorten } from "./quote.ts";

export type LogValue = string | number | boolean;

export interface LogLine {
  readonly time: Date;
  readonly level: LogLevel;
  readonly component: string;
  readonly message: string;
  readonly values: ReadonlyMap<string, LogValue>;
}

/** UTF-16 units of one value that are shown; names may be as long as a request. */
const VALUE_LIMIT = 1024;

/** What a JSON line always has; a field of the same name is shown as `field.<name>`. */
const RESERVED: ReadonlySet<string> = new Set(["time", "level", "component", "message"]);

/** Text values that cannot be taken for anything else without quotation marks. */
const BARE = /^[\w./:@%+,-]+$/;

/** The fields and the details, if they may be shown, in order; a detail wins over a field of its name. */
export function gatherValues(
  fields: LogFields | undefined,
  details: LogFields | { readonly error: unknown } | undefined,
): ReadonlyMap<string, LogValue> {
  const values = new Map<string, LogValue>();
  for (const [key, value] of Object.entries(fields ?? {})) add(values, key, value);
  for (const [key, value] of Object.entries<unknown>(details ?? {})) {
    add(values, key, key === "error" ? flattenError(value) : value);
  }
  return values;
}

function add(values: Map<string, LogValue>, key: string, value: unknown): void {
  if (value !== undefined) values.set(key, toLogValue(value));
}

function toLogValue(value: unknown): LogValue {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "string":
      return shorten(value, VALUE_LIMIT);
    default:
      return "[not shown]";
  }
}

/** `[INFO  front] message key=value`, with the time before the level where it is asked for. */
export function formatText(line: LogLine, options: { readonly timestamp: boolean }): string {
  const time = options.timestamp ? `${line.time.toISOString()} ` : "";
  const level = line.level.toUpperCase().padEnd(5);
  let text = `[${time}${level} ${escapeText(line.component)}] ${escapeText(line.message)}`;
  for (const [key, value] of line.values) text += ` ${bare(key)}=${bare(String(value))}`;
  return text;
}

function bare(text: string): string {
  return BARE.test(text) ? text : quote(text);
}

/** `{"time":…,"level":…,"component":…,"message":…,…values}`; numbers and booleans stay what they are. */
export function formatJson(line: LogLine): string {
  let json = `{"time":"${line.time.toISOString()}","level":"${line.level}"` +
    `,"component":${quote(line.component)},"message":${quote(line.message)}`;
  for (const [key, value] of line.values) {
    const name = RESERVED.has(key) ? `field.${key}` : key;
    json += `,${quote(name)}:${typeof value === "string" ? quote(value) : value}`;
  }
  return json + "}";
}
