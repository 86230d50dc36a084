/** A value of the configuration as it would be written in the file. */
import type { ValueType } from "./schema/types.ts";

/** Strings and lists need nothing beyond what TOML shares with JSON. */
export function showValue(type: ValueType, value: unknown): string {
  if (type.kind === "mode" && typeof value === "number") return `0o${value.toString(8)}`;
  if (type.kind === "texts" && Array.isArray(value)) {
    return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
  }
  return JSON.stringify(value) ?? "nothing";
}
