/**
 * The text of `parsec.toml`: every section and option with its meaning and its default, made from the schema.
 *
 * `deno run -A src/config/template.ts` writes the file anew.
 */
import { quote } from "../log/quote.ts";
import { describeType } from "./read_value.ts";
import { SECTIONS } from "./schema/mod.ts";
import type { KeySchema, KeyTable, SectionSchema, VariantsSchema } from "./schema/types.ts";
import { showValue } from "./show_value.ts";
import { header } from "./unknown_key.ts";

const WIDTH = 100;

const INTRODUCTION = [
  "The configuration of parsec, for `parsec serve --config FILE`.",
  "It works as it stands. Every option is here: those without effect on their own start with # and show " +
  "their default, those without a default with ## and show an example; take the marks away to use one.",
  "`parsec serve --config FILE --check` says everything that is wrong with a file, and nothing else happens.",
  "Upstream's config.toml can be used as it is: its keys mean the same here. Unknown keys are refused. " +
  "Relative paths start at the working directory of the service, as upstream's do: write absolute ones.",
];

/** The whole file. */
export function templateText(): string {
  const blocks = [INTRODUCTION.map((paragraph) => comment(paragraph)).join("\n#\n")];
  for (const [name, schema] of Object.entries<SectionSchema>(SECTIONS)) {
    blocks.push(`${comment(schema.help)}\n${header(name, schema)}`);
    const { variants } = schema;
    if (variants !== undefined) blocks.push(variantBlock(variants));
    const keys: KeyTable = { ...schema.keys, ...variants?.of[variants.example]?.keys };
    for (const [key, keySchema] of Object.entries(keys)) blocks.push(keyBlock(key, keySchema));
    if (variants !== undefined) blocks.push(...otherVariants(name, schema, variants));
  }
  return blocks.join("\n\n") + "\n";
}

function variantBlock({ by, what, example, of }: VariantsSchema): string {
  const lines = Object.entries(of).map(([name, { alias, help, notServed }]) => {
    const names = alias === undefined ? quote(name) : `${quote(name)} or ${quote(alias)}`;
    return comment(
      `  ${names}: ${help}${notServed === undefined ? "" : " (not in this version)"}`,
      "    ",
    );
  });
  return [comment(`The ${what}, one of:`), ...lines, `${by} = ${quote(example)}`].join("\n");
}

/** The variants beside the example, with ## before each of their lines. */
function otherVariants(
  name: string,
  schema: SectionSchema,
  { by, example, of }: VariantsSchema,
): readonly string[] {
  return Object.entries(of).flatMap(([variant, { help, keys, notServed }]) => {
    if (variant === example || notServed !== undefined || Object.keys(keys).length === 0) return [];
    const opening = `${header(name, schema)}\n${by} = ${quote(variant)}`;
    const about = comment(`For ${help}: take away ## where it is wanted.`);
    const blocks = Object.entries<KeySchema>(keys).map(([key, each]) => keyBlock(key, each));
    return [`${about}\n${commentedOut(opening)}`, ...blocks.map(commentedOut)];
  });
}

/** Text stays text, and an example one: without the marks the section holds what must be given, and defaults. */
function commentedOut(block: string): string {
  return block.replaceAll(/^(##|#?)(?=[[a-z])/gm, (_, marks) => marks === "##" ? "####" : "##");
}

function keyBlock(key: string, schema: KeySchema): string {
  const { type, help, since, change, meaningless, required } = schema;
  const own = since === "upstream" ? "" : ` Not in upstream; since ${since}.`;
  const applies = change === "live" ? " A reload (SIGHUP) applies it." : " Needs a restart.";
  const must = required ? " Must be given." : "";
  const facts = `Wanted: ${describeType(type)}.${must}${
    meaningless === undefined ? applies : ""
  }${own}`;
  return `${comment(help)}\n${comment(facts)}\n${assignment(key, schema)}`;
}

function assignment(key: string, schema: KeySchema): string {
  if (schema.required) return `${key} = ${exampleOf(schema)}`;
  const { default: value, type } = schema;
  if (value === undefined) return `##${key} = ${exampleOf(schema)}`;
  if (typeof value === "object" && "computed" in value) {
    return `${comment(`Default: ${value.computed}.`)}\n#${key} = ${value.example}`;
  }
  return `#${key} = ${
    type.kind === "mode" ? `0o${Number(value).toString(8)}` : JSON.stringify(value)
  }`;
}

function exampleOf({ type, example }: KeySchema): string {
  return type.kind === "integer" ? String(example) : showValue(type, example);
}

/** A paragraph as comment lines of at most `WIDTH` characters. */
function comment(paragraph: string, indent = ""): string {
  const lines: string[] = [];
  let line = "#";
  for (const word of paragraph.split(/(?<=\S) /)) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `#${indent}`;
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("../../parsec.toml", import.meta.url), templateText());
}
