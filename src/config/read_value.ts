/** One value of a configuration file against the type that its key wants. */
import { resolve } from "node:path/posix";
import { quote, shorten } from "../log/quote.ts";
import type { ValueType } from "./schema/types.ts";
import type { Position, TomlNode, TomlTable } from "./toml_document.ts";

export type ConfigValue = string | number | boolean | readonly string[];

export interface Refusal {
  readonly found: string;
  readonly wanted: string;
  readonly hint?: string;
  /** The place inside the value, where that is more exact than the place of the key. */
  readonly at?: Position;
}

export interface ReadingContext {
  /** Absolute; relative paths start here. */
  readonly workingDirectory: string;
}

type Reading = { readonly value: ConfigValue } | { readonly refusal: Refusal };

/** Bytes of a socket's path, without the zero byte that ends it: unix(7), sun_path. */
export const SOCKET_PATH_LIMIT = 107;

/** Characters of a found value that are shown. */
const SHOWN_LIMIT = 80;

/** Reads a value. What it refuses is described as found; the caller hides it if the key is a secret's. */
export function readValue(type: ValueType, node: TomlNode, context: ReadingContext): Reading {
  switch (type.kind) {
    case "boolean":
      return node.kind === "boolean" ? { value: node.value } : refuse(type, node);
    case "integer":
      return readInteger(type, node);
    case "mode":
      return readMode(type, node);
    case "choice":
      if (node.kind !== "string" || !type.values.includes(node.value)) return refuse(type, node);
      return { value: node.value };
    case "text":
      if (node.kind !== "string" || (node.value === "" && !type.mayBeEmpty)) {
        return refuse(type, node);
      }
      return { value: node.value };
    case "path":
      return readPath(type, node, context);
    case "names":
      return readNames(type, node);
    case "texts":
      return readTexts(type, node);
  }
}

/** What a value of this type looks like, for messages and for `parsec.toml`. */
export function describeType(type: ValueType): string {
  switch (type.kind) {
    case "boolean":
      return "true or false";
    case "integer": {
      const unit = type.unit === undefined ? "" : ` number of ${type.unit}`;
      return `an integer${unit} from ${type.min} to ${type.max}`;
    }
    case "mode":
      return "an octal number from 0o000 to 0o777 that lets somebody write";
    case "choice":
      return orList(type.values.map(quote));
    case "text":
      return `${type.what}, as a string${type.mayBeEmpty ? "" : " that is not empty"}`;
    case "path":
      return `the path of a ${type.of}, as a string`;
    case "names":
      return 'a list of tables { name = "…" }, no name empty';
    case "texts":
      return `${type.what}, as a list of different strings, at least one, none of them empty`;
  }
}

/** `a, b or c` */
export function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? "nothing";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** What was found, printable and short: `"200ms" (string)`. */
export function describeNode(node: TomlNode): string {
  switch (node.kind) {
    case "string":
      return `${quote(shorten(node.value, SHOWN_LIMIT))} (string)`;
    case "boolean":
      return `${node.value} (boolean)`;
    case "integer":
    case "float":
    case "date":
      return `${shorten(node.text, SHOWN_LIMIT)} (${node.kind})`;
    case "list":
    case "table":
      return `a ${node.kind}`;
  }
}

function refuse(type: ValueType, node: TomlNode, more?: Partial<Refusal>): Reading {
  const refusal = { found: describeNode(node), wanted: describeType(type), ...more };
  const hint = refusal.hint ?? hintFor(type, node);
  return { refusal: hint === undefined ? refusal : { ...refusal, hint } };
}

/** A number or a boolean within quotation marks is the commonest slip. */
function hintFor(type: ValueType, node: TomlNode): string | undefined {
  if (node.kind !== "string") return undefined;
  const unquoted = (type.kind === "integer" && /^\d{1,9}$/.test(node.value)) ||
    (type.kind === "boolean" && /^(true|false)$/.test(node.value));
  return unquoted ? `Write ${node.value} without quotation marks` : undefined;
}

function readInteger(type: ValueType & { readonly kind: "integer" }, node: TomlNode): Reading {
  if (node.kind !== "integer" || node.value < type.min || node.value > type.max) {
    return refuse(type, node);
  }
  return { value: Number(node.value) };
}

/** Only octal notation: 666 read as decimal would be 0o1232, and 0444 is not TOML. */
function readMode(type: ValueType, node: TomlNode): Reading {
  const digits = node.kind === "integer" || node.kind === "string"
    ? /^(?:0o?)?([0-7]{3})$/.exec(node.kind === "integer" ? node.text : node.value)?.[1]
    : undefined;
  if (node.kind !== "integer" || !node.text.startsWith("0o")) {
    return refuse(type, node, digits === undefined ? {} : { hint: `Write 0o${digits}` });
  }
  if (node.value > 0o777n || (node.value & 0o222n) === 0n) return refuse(type, node);
  return { value: Number(node.value) };
}

function readPath(
  type: ValueType & { readonly kind: "path" },
  node: TomlNode,
  { workingDirectory }: ReadingContext,
): Reading {
  if (node.kind !== "string" || node.value === "" || node.value.includes("\0")) {
    return refuse(type, node);
  }
  if (type.of !== "folder" && node.value.endsWith("/")) return refuse(type, node);
  const path = resolve(workingDirectory, node.value);
  if (type.of === "socket") {
    const refusal = refuseLongSocketPath(path);
    if (refusal !== undefined) return { refusal };
  }
  return { value: path };
}

/** @param path Absolute. */
export function refuseLongSocketPath(path: string): Refusal | undefined {
  const bytes = new TextEncoder().encode(path).length;
  if (bytes <= SOCKET_PATH_LIMIT) return undefined;
  return {
    found: `a path of ${bytes} bytes, ${quote(shorten(path, SHOWN_LIMIT))}`,
    wanted: `a path of a socket, at most ${SOCKET_PATH_LIMIT} bytes as an absolute path`,
  };
}

function readNames(type: ValueType, node: TomlNode): Reading {
  if (node.kind !== "list") return refuse(type, node);
  const names: string[] = [];
  for (const item of node.items) {
    const name = item.kind === "table" ? item.entries.get("name")?.node : undefined;
    if (
      item.kind !== "table" || item.entries.size !== 1 || name?.kind !== "string" || !name.value
    ) {
      return refuse(type, item, { found: describeItem(item), at: item.at });
    }
    names.push(name.value);
  }
  return { value: names };
}

function readTexts(type: ValueType, node: TomlNode): Reading {
  if (node.kind !== "list") return refuse(type, node);
  if (node.items.length === 0) return refuse(type, node, { found: "an empty list" });
  const texts = new Set<string>();
  for (const item of node.items) {
    if (item.kind !== "string" || item.value === "") {
      return refuse(type, item, { found: `an item ${describeNode(item)}`, at: item.at });
    }
    if (texts.has(item.value)) {
      return refuse(type, item, { found: `${describeNode(item)} a second time`, at: item.at });
    }
    texts.add(item.value);
  }
  return { value: [...texts] };
}

/** A table of the list is told by its keys, another item as it is. */
function describeItem(item: TomlNode): string {
  if (item.kind !== "table") return describeNode(item);
  return `a table with ${describeKeys(item)}`;
}

function describeKeys({ entries }: TomlTable): string {
  const name = entries.get("name")?.node;
  if (entries.size === 1 && name !== undefined) return `the name ${describeNode(name)}`;
  const keys = [...entries.keys()].slice(0, 5).map((key) => quote(shorten(key, SHOWN_LIMIT)));
  return keys.length === 0 ? "no key" : `the keys ${keys.join(", ")}`;
}
