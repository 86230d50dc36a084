/** A configuration file's text to the readings of its sections. */
import { quote } from "../log/quote.ts";
import type { Problems } from "./problems.ts";
import { readSection, type SectionContext, type SectionReading } from "./read_section.ts";
import { describeNode } from "./read_value.ts";
import { type SectionName, SECTIONS } from "./schema/mod.ts";
import type { SectionSchema } from "./schema/types.ts";
import {
  parseToml,
  type TomlEntry,
  type TomlNode,
  TomlSyntaxError,
  type TomlTable,
} from "./toml_document.ts";
import { header, showKey, unknownKeyHint } from "./unknown_key.ts";

/** The readings of each section, in the order of the file. */
export type Readings = { readonly [N in SectionName]: readonly SectionReading[] };

/** @throws {ConfigError} If it is not TOML; nothing beyond the first slip can be made out then. */
export async function parseDocument(text: string, problems: Problems): Promise<TomlTable> {
  try {
    return await parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlSyntaxError)) throw error;
    const { at, duplicate, message } = error;
    if (duplicate === undefined) {
      const found = `what is not TOML 1.0 (${message})`;
      problems.add(at, undefined, { found, wanted: "TOML 1.0" });
    } else {
      const name = duplicate.replace(/^\[(.*)\]$/, "$1");
      const hint = Object.hasOwn(SECTIONS, name) && SECTIONS[name as SectionName].form !== "table"
        ? `Write [[${name}]], with two brackets, for each if there are several`
        : undefined;
      problems.add(at, undefined, {
        found: `${duplicate} a second time`,
        wanted: "it once",
        hint,
      });
    }
    problems.throwIfAny();
    throw error;
  }
}

/** Reads every section, and reports everything that is wrong with each. */
export function readDocument(document: TomlTable, context: SectionContext): Readings {
  for (const [name, entry] of document.entries) {
    if (!Object.hasOwn(SECTIONS, name)) reportUnknownSection(name, entry, context.problems);
  }
  const read = (name: SectionName): readonly SectionReading[] => {
    const schema: SectionSchema = SECTIONS[name];
    return tablesOf(name, schema, document, context.problems)
      .map((table) => readSection(name, schema, table, context));
  };
  return {
    core_settings: read("core_settings"),
    listener: read("listener"),
    authenticator: read("authenticator"),
    key_manager: read("key_manager"),
    provider: read("provider"),
  };
}

/** The tables of a section: one, even if empty, of `[name]`; at least one of `[[name]]`. */
function tablesOf(
  name: SectionName,
  schema: SectionSchema,
  document: TomlTable,
  problems: Problems,
): readonly TomlTable[] {
  const entry = document.entries.get(name);
  if (entry === undefined || (entry.node.kind === "list" && entry.node.items.length === 0)) {
    if (schema.form === "table") return [{ kind: "table", at: document.at, entries: new Map() }];
    const { by, example } = schema.variants ?? {};
    problems.add(entry?.at, name, {
      found: "nothing",
      wanted: `at least one ${header(name, schema)}`,
      hint: `Add one, e.g. with ${by} = ${quote(String(example))}`,
    });
    return [];
  }
  const { node } = entry;
  const tables = node.kind === "table" ? [node] : node.kind === "list" ? node.items : [];
  const fits = node.kind === "table" ? schema.form !== "list" : schema.form !== "table";
  if (!fits || tables.length === 0 || !tables.every(isTable)) {
    problems.add(entry.at, name, {
      found: describeSection(name, node),
      wanted: header(name, schema),
    });
  }
  return tables.filter(isTable);
}

function describeSection(name: string, node: TomlNode): string {
  if (node.kind === "table") return `[${name}]`;
  return node.kind === "list" && node.headers ? `[[${name}]]` : describeNode(node);
}

function isTable(node: TomlNode): node is TomlNode & TomlTable {
  return node.kind === "table";
}

function reportUnknownSection(name: string, { at, node }: TomlEntry, problems: Problems): void {
  const sections = Object.entries<SectionSchema>(SECTIONS);
  const isSection = node.kind === "table" || node.kind === "list";
  const hint = unknownKeyHint(name, undefined, isSection ? Object.keys(SECTIONS) : []);
  problems.add(at, showKey(name), {
    found: isSection ? "an unknown section" : "a key outside of every section",
    wanted: `one of ${sections.map(([each, schema]) => header(each, schema)).join(", ")}`,
    hint,
  });
}
