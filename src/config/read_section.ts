/** One section of a configuration file against its schema. */
import { quote } from "../log/quote.ts";
import type { Problems } from "./problems.ts";
import {
  type ConfigValue,
  describeNode,
  describeType,
  orList,
  type ReadingContext,
  readValue,
} from "./read_value.ts";
import { nearest } from "./nearest.ts";
import type { SectionName } from "./schema/mod.ts";
import {
  type Default,
  type KeySchema,
  type SectionSchema,
  type VariantsSchema,
} from "./schema/types.ts";
import type { Position, TomlEntry, TomlTable } from "./toml_document.ts";
import { reportUnknownKeys } from "./unknown_key.ts";

export interface SectionContext extends ReadingContext {
  readonly problems: Problems;
  readonly cpus: number;
}

/** What is in order in a section; the rest has been reported. */
export interface SectionReading {
  readonly section: SectionName;
  /** Where the section is. */
  readonly at: Position;
  /** Which variant it is, by its proper name, if it is a known one and this version serves it. */
  readonly variant: string | undefined;
  /** By the names of `ServiceConfig`, defaults filled in. */
  readonly values: ReadonlyMap<string, ConfigValue>;
  /** Where each key is that the section has, by its proper name. */
  readonly places: ReadonlyMap<string, Position>;
}

/** Reads a section, and reports everything that is wrong with it. */
export function readSection(
  section: SectionName,
  schema: SectionSchema,
  table: TomlTable,
  context: SectionContext,
): SectionReading {
  const { variants } = schema;
  const variant = variants && readVariant(section, variants, table, context.problems);
  const keys = { ...schema.keys, ...(variant && variants?.of[variant]?.keys) };
  const reading = { values: new Map<string, ConfigValue>(), places: new Map<string, Position>() };
  for (const [key, keySchema] of Object.entries<KeySchema>(keys)) {
    readKey({ section, key, schema: keySchema, table }, reading, context);
  }
  reportUnknownKeys({ section, schema, variant, table }, context.problems);
  const byEntry = variants && table.entries.get(variants.by);
  if (byEntry) reading.places.set(variants.by, byEntry.at);
  const served = variant !== undefined && variants?.of[variant]?.notServed === undefined;
  return { section, at: table.at, variant: served ? variant : undefined, ...reading };
}

/** The variant by its proper name, served or not; `undefined` if it is not known. */
function readVariant(
  section: SectionName,
  { by, what, of }: VariantsSchema,
  table: TomlTable,
  problems: Problems,
): string | undefined {
  const names = new Map(
    Object.entries(of).flatMap(([name, { alias }]) =>
      alias === undefined ? [[name, name]] : [[name, name], [alias, name]]
    ),
  );
  const isServed = (name: string | undefined) =>
    name !== undefined && of[name]?.notServed === undefined;
  const served = [...names].filter(([, name]) => isServed(name)).map(([word]) => quote(word));
  const wanted = `a ${what} that this version serves: ${orList(served)}`;
  const entry = table.entries.get(by);
  const word = entry?.node.kind === "string" ? entry.node.value : "";
  const name = names.get(word);
  if (isServed(name)) return name;
  const found = entry === undefined ? "nothing" : describeNode(entry.node);
  const meant = nearest(word, names.keys());
  const hint = name !== undefined
    ? of[name]?.notServed
    : meant !== undefined
    ? `Did you mean ${quote(meant)}?`
    : undefined;
  problems.add(entry?.at ?? table.at, `${section}.${by}`, { found, wanted, hint });
  return name;
}

interface WantedKey {
  readonly section: SectionName;
  readonly key: string;
  readonly schema: KeySchema;
  readonly table: TomlTable;
}

function readKey(
  wanted: WantedKey,
  reading: { readonly values: Map<string, ConfigValue>; readonly places: Map<string, Position> },
  context: SectionContext,
): void {
  const { section, key, schema, table } = wanted;
  const found = findEntry(wanted, context.problems);
  if (found === undefined) {
    if (schema.required) {
      const problem = { found: "nothing", wanted: describeType(schema.type) };
      context.problems.add(table.at, `${section}.${key}`, problem);
    } else if (schema.field !== undefined && schema.default !== undefined) {
      reading.values.set(schema.field, fallback(schema.default, context));
    }
    return;
  }
  const { entry, spelling } = found;
  reading.places.set(key, entry.at);
  if (schema.meaningless !== undefined) {
    context.problems.note("debug", schema.meaningless, entry.at, `${section}.${key}`);
  }
  const read = readValue(schema.type, entry.node, context);
  if ("refusal" in read) {
    const { found, wanted: type, hint, at = entry.at } = read.refusal;
    const problem = schema.secret
      ? { found: `a value that is not shown (${entry.node.kind})`, wanted: type }
      : { found, wanted: type, hint };
    context.problems.add(at, `${section}.${spelling}`, problem);
  } else if (schema.field !== undefined) {
    reading.values.set(schema.field, read.value);
  }
}

function fallback(value: Default, { cpus }: SectionContext): ConfigValue {
  return typeof value === "object" && "computed" in value ? cpus : value;
}

/** The entry of a key under its proper name or another spelling of it; the first that is there. */
function findEntry(
  { section, key, schema, table }: WantedKey,
  problems: Problems,
): { readonly spelling: string; readonly entry: TomlEntry } | undefined {
  let first: { readonly spelling: string; readonly entry: TomlEntry } | undefined;
  for (const spelling of [key, ...Object.keys(schema.aliases ?? {})]) {
    const entry = table.entries.get(spelling);
    if (entry === undefined) continue;
    const note = schema.aliases?.[spelling];
    if (note !== undefined) problems.note("warn", note, entry.at, `${section}.${spelling}`);
    if (first === undefined) first = { spelling, entry };
    else {
      problems.add(entry.at, `${section}.${spelling}`, {
        found: `another spelling of ${first.spelling}, which is in line ${first.entry.at.line}`,
        wanted: "one of the two",
      });
    }
  }
  return first;
}
