/**
 * A TOML 1.0 document as a tree in which every key and value knows its place in the file.
 *
 * The parser (toml-eslint-parser) gives the syntax with positions and refuses what TOML 1.0 refuses, keys set
 * twice included; it is loaded when the first document is read, not before.
 */
import type { AST, ParseError } from "toml-eslint-parser";

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type TomlNode = { readonly at: Position } & TomlContent;

type TomlContent =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** `text` as it is written but for underscores: `0o666`. */
  | { readonly kind: "integer"; readonly value: bigint; readonly text: string }
  | { readonly kind: "float" | "date"; readonly text: string }
  /** `headers`: made of `[[name]]` rather than written as a value. */
  | { readonly kind: "list"; readonly items: readonly TomlNode[]; readonly headers: boolean }
  | TomlTable;

export interface TomlTable {
  readonly kind: "table";
  /** Where its header or its opening brace is, or the first key that made it. */
  readonly at: Position;
  readonly entries: ReadonlyMap<string, TomlEntry>;
}

export interface TomlEntry {
  /** Where the key is. */
  readonly at: Position;
  readonly node: TomlNode;
}

/** The document is not TOML 1.0. */
export class TomlSyntaxError extends Error {
  readonly at: Position;
  /** The key that is set twice, if that is what is wrong; `[name]` for a table. */
  readonly duplicate: string | undefined;

  constructor(message: string, at: Position, options?: ErrorOptions & { duplicate?: string }) {
    super(message, options);
    this.name = "TomlSyntaxError";
    this.at = at;
    this.duplicate = options?.duplicate;
  }
}

/** Of values within values; no configuration needs more than three. */
const DEPTH_LIMIT = 16;
const TOO_DEEP = `Values are nested more than ${DEPTH_LIMIT} deep`;

interface MutableTable extends TomlTable {
  readonly entries: Map<string, TomlEntry>;
}

interface MutableList {
  readonly kind: "list";
  readonly at: Position;
  readonly items: MutableTable[];
  readonly headers: true;
}

/**
 * Reads a document.
 *
 * @throws {TomlSyntaxError} The first place where `text` is not TOML 1.0. The message holds nothing of `text`.
 */
export async function parseToml(text: string): Promise<TomlTable> {
  const { parseTOML } = await import("toml-eslint-parser");
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: "1.0.0" });
  } catch (error) {
    throw toSyntaxError(error, text);
  }
  const root = makeTable({ line: 1, column: 1 });
  for (const part of program.body[0].body) {
    if (part.type === "TOMLKeyValue") addKeyValue(root, part);
    else {
      const table = openHeader(root, part);
      for (const entry of part.body) addKeyValue(table, entry);
    }
  }
  return root;
}

function makeTable(at: Position): MutableTable {
  return { kind: "table", at, entries: new Map() };
}

/** The table that a header opens. `resolvedKey` has a number wherever a list is entered. */
function openHeader(root: MutableTable, header: AST.TOMLTable): MutableTable {
  const at = positionOf(header);
  let table = root;
  for (const [i, part] of header.resolvedKey.entries()) {
    if (typeof part === "number") continue;
    const index = header.resolvedKey[i + 1];
    table = typeof index === "number" ? itemOf(table, part, index, at) : childOf(table, part, at);
  }
  return table;
}

function childOf(table: MutableTable, key: string, at: Position): MutableTable {
  const existing = table.entries.get(key)?.node;
  // The parser made sure that nothing but a table is entered here.
  if (existing !== undefined) return existing as MutableTable;
  const child = makeTable(at);
  table.entries.set(key, { at, node: child });
  return child;
}

function itemOf(table: MutableTable, key: string, index: number, at: Position): MutableTable {
  let list = table.entries.get(key)?.node as MutableList | undefined;
  if (list === undefined) {
    list = { kind: "list", at, items: [], headers: true };
    table.entries.set(key, { at, node: list });
  }
  return list.items[index] ??= makeTable(at);
}

function addKeyValue(table: MutableTable, { key, value }: AST.TOMLKeyValue, depth = 0): void {
  const at = positionOf(key);
  const names = key.keys.map((part) => part.type === "TOMLBare" ? part.name : part.value);
  const last = names.pop();
  if (last === undefined) throw new TypeError("A TOML key has at least one part");
  for (const name of names) table = childOf(table, name, at);
  table.entries.set(last, { at, node: toNode(value, depth) });
}

function toNode(node: AST.TOMLContentNode, depth: number): TomlNode {
  const at = positionOf(node);
  if (depth === DEPTH_LIMIT && node.type !== "TOMLValue") {
    throw new TomlSyntaxError(TOO_DEEP, at);
  }
  switch (node.type) {
    case "TOMLArray": {
      const items = node.elements.map((element) => toNode(element, depth + 1));
      return { kind: "list", at, items, headers: false };
    }
    case "TOMLInlineTable": {
      const table = makeTable(at);
      for (const entry of node.body) addKeyValue(table, entry, depth + 1);
      return table;
    }
    case "TOMLValue":
      return { at, ...toScalar(node) };
  }
}

function toScalar(node: AST.TOMLValue): TomlContent {
  switch (node.kind) {
    case "string":
      return { kind: "string", value: node.value };
    case "boolean":
      return { kind: "boolean", value: node.value };
    case "integer":
      return { kind: "integer", value: node.bigint, text: node.number };
    case "float":
      return { kind: "float", text: node.number };
    default:
      return { kind: "date", text: node.datetime };
  }
}

function positionOf({ loc }: AST.HasLocs): Position {
  return { line: loc.start.line, column: loc.start.column + 1 };
}

function toSyntaxError(error: unknown, text: string): TomlSyntaxError {
  // The parser recurses, too: hundreds of thousands of brackets use up its stack.
  if (error instanceof RangeError) {
    return new TomlSyntaxError(TOO_DEEP, { line: 1, column: 1 }, { cause: error });
  }
  if (!isParseError(error)) throw error;
  // The one message with a part of the text in it, which may be a secret's.
  const message = error.message.replace(/code point \S+/, "code point");
  const options = { cause: error };
  if (message.startsWith("Defining a key")) Object.assign(options, keyAt(text, error.index));
  return new TomlSyntaxError(message, placeOf(error, text), options);
}

/** The parser finds a line that ends too early at the start of the next. */
function placeOf({ message, index, lineNumber, column }: ParseError, text: string): Position {
  const wentOver = column === 0 && text[index - 1] === "\n" && /newline|Unterminated/.test(message);
  if (!wentOver) return { line: lineNumber, column: column + 1 };
  const lineStart = text.lastIndexOf("\n", index - 2) + 1;
  return { line: lineNumber - 1, column: index - lineStart };
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof SyntaxError && "lineNumber" in error && "column" in error &&
    "index" in error;
}

/** The bare key at an offset, with the bracket of a header; never a part of a value. */
function keyAt(text: string, offset: number): { duplicate?: string } {
  const key = /^[\w-]+/.exec(text.slice(offset))?.[0];
  if (key === undefined) return {};
  const inHeader = /\[[ \t]*$/.test(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset));
  return { duplicate: inHeader ? `[${key}]` : key };
}
