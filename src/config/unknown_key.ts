/** Keys that nobody knows, and what somebody who wrote one probably meant. */
import { quote, shorten } from "../log/quote.ts";
import { nearest } from "./nearest.ts";
import type { Problems } from "./problems.ts";
import { type SectionName, SECTIONS } from "./schema/mod.ts";
import type { SectionSchema } from "./schema/types.ts";
import type { TomlTable } from "./toml_document.ts";

export interface KnownSection {
  readonly section: SectionName;
  readonly schema: SectionSchema;
  /** Without it, the keys of every variant are known. */
  readonly variant: string | undefined;
  readonly table: TomlTable;
}

/** Values of unknown keys are never shown: a mistyped `user_pin` holds a PIN all the same. */
export function reportUnknownKeys(
  { section, schema, variant, table }: KnownSection,
  problems: Problems,
): void {
  const { keys, variants } = schema;
  const all = Object.entries(variants?.of ?? {});
  const chosen = all.filter(([name]) => variant === undefined || variant === name);
  const tables = [keys, ...chosen.map(([, each]) => each.keys)];
  const known = new Set(variants === undefined ? [] : [variants.by]);
  const aliases = new Set<string>();
  for (const [key, each] of tables.flatMap((keyTable) => Object.entries(keyTable))) {
    known.add(key);
    for (const alias of Object.keys(each.aliases ?? {})) aliases.add(alias);
  }
  for (const [key, { at }] of table.entries) {
    if (known.has(key) || aliases.has(key)) continue;
    problems.add(at, `${section}.${showKey(key)}`, {
      found: "an unknown key",
      wanted: `one of ${[...known].join(", ")}`,
      hint: unknownKeyHint(key, section, known),
    });
  }
}

/** @param known The keys that the section has. */
export function unknownKeyHint(
  key: string,
  section: SectionName | undefined,
  known: Iterable<string>,
): string | undefined {
  const home = homeOf(key, section);
  if (home !== undefined) return `${key} belongs ${home}`;
  const meant = nearest(key, known);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

/** Where else a key of this very name is known; this section's variants come before other sections. */
function homeOf(key: string, section: SectionName | undefined): string | undefined {
  const own = section === undefined ? [] : [section];
  const others = Object.keys(SECTIONS).filter((name) => name !== section);
  for (const name of [...own, ...others] as SectionName[]) {
    const schema: SectionSchema = SECTIONS[name];
    if (Object.hasOwn(schema.keys, key) || schema.variants?.by === key) {
      return `in ${header(name, schema)}`;
    }
    for (const [variant, { keys }] of Object.entries(schema.variants?.of ?? {})) {
      if (!Object.hasOwn(keys, key)) continue;
      return `in ${header(name, schema)} with ${schema.variants?.by} = ${quote(variant)}`;
    }
  }
  return undefined;
}

/** `[listener]`, `[[provider]]` */
export function header(name: string, { form }: SectionSchema): string {
  return form === "list" ? `[[${name}]]` : `[${name}]`;
}

/** A key as it would be written in TOML. */
export function showKey(key: string): string {
  return /^[\w-]{1,64}$/.test(key) ? key : quote(shorten(key, 64));
}
