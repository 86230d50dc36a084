/**
 * The prototypes written above the declarations of a `symbols.ts`, and whether the native types below them
 * fit: `/** int close(int fd); *\/ close: { parameters: ["i32"], result: "i32" }`.
 */
import assert from "node:assert/strict";

export interface Prototype {
  /** Of the declaration. */
  readonly key: string;
  /** As written. */
  readonly text: string;
  /** The C function. */
  readonly name: string;
  readonly result: string;
  /** C types, without the parameters' names. */
  readonly parameters: readonly string[];
}

const PROTOTYPE = /\/\*\* ([^*\n].*;) \*\/\n\s+(\w+): \{/g;

export function prototypesOf(symbolsSource: URL): readonly Prototype[] {
  const source = Deno.readTextFileSync(symbolsSource);
  return [...source.matchAll(PROTOTYPE)].map(([, text = "", key = ""]) => ({
    key,
    text,
    ...parsePrototype(text),
  }));
}

function parsePrototype(text: string): Pick<Prototype, "name" | "result" | "parameters"> {
  const parts = /^(.*?)(\w+)\((.*)\);$/.exec(text);
  assert.ok(parts, `not a prototype: ${text}`);
  const [, result = "", name = "", parameters = ""] = parts;
  return {
    name,
    result: result.trim(),
    parameters: parameters === "void" ? [] : parameters.split(",").map(typeOf),
  };
}

/** `const unsigned char *sig` to `const unsigned char *`; an array is a pointer. */
function typeOf(parameter: string): string {
  if (parameter.includes("[")) return "*";
  return parameter.trim().replace(/\w+$/, "").trim();
}

/** C types to native types; what has a `*` is a pointer. */
export type NativeTypes = Readonly<Record<string, string>>;

/** @throws {AssertionError} If a native type of the declaration is not that of its prototype. */
export function assertFits(
  prototype: Prototype,
  symbol: Deno.ForeignFunction,
  nativeTypes: NativeTypes,
): void {
  assert.equal(symbol.name ?? prototype.key, prototype.name);
  const found = [symbol.result, ...symbol.parameters].map(String);
  const wanted = [prototype.result, ...prototype.parameters];
  // What follows "..." is the caller's choice.
  const fixed = wanted.at(-1) === "..." ? wanted.slice(0, -1) : wanted;
  if (fixed.length === wanted.length) assert.equal(found.length, wanted.length);
  fixed.forEach((cType, i) =>
    assert.ok(fits(cType, found[i], nativeTypes), `${cType} is not ${found[i]}`)
  );
}

function fits(cType: string, native: string | undefined, nativeTypes: NativeTypes): boolean {
  if (cType.includes("*")) return native === "pointer" || native === "buffer";
  return native !== undefined && nativeTypes[cType] === native;
}
