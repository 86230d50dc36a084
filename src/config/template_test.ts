import assert from "node:assert/strict";
import { loadConfig, parseConfig } from "./load_config.ts";
import { type SectionName, SECTIONS } from "./schema/mod.ts";
import type { KeySchema, KeyTable, SectionSchema } from "./schema/types.ts";
import type { CheckedConfig } from "./service_config.ts";
import { templateText } from "./template.ts";

const FILE = new URL("../../parsec.toml", import.meta.url);
const MACHINE = { workingDirectory: "/", cpus: 4 };

/** The template with every option in force. */
function uncomment(text: string): string {
  return text.replaceAll(/^#(?! |$)/gm, "");
}

function parse(text: string): Promise<CheckedConfig> {
  return parseConfig(text, { file: "parsec.toml", ...MACHINE });
}

Deno.test("parsec.toml is what the schema says (deno run -A src/config/template.ts writes it)", async () => {
  assert.equal(await Deno.readTextFile(FILE), templateText());
});

Deno.test("parsec.toml loads as it stands", async () => {
  const config = await loadConfig(FILE.pathname, MACHINE);
  assert.deepEqual(config.notes, []);
  assert.equal(config.providers[0]?.type, "Software");
});

Deno.test("templateText() shows the defaults: with every option in force nothing changes", async () => {
  const text = templateText();
  const all = uncomment(text);
  assert.match(all, /^log_level = "info"$/m);
  const { notes, ...config } = await parse(all);
  const { notes: _, ...standing } = await parse(text);
  assert.deepEqual(config, standing);
  assert.deepEqual(notes.map(({ key }) => key), ["core_settings.idle_listener_sleep_duration"]);
});

Deno.test("templateText() names every key and type that this version serves", () => {
  const lines = templateText().split("\n").map((line) => line.replace(/^#+(?! |$)/, ""));
  for (const [name, schema] of Object.entries<SectionSchema>(SECTIONS)) {
    assert.ok(lines.includes(schema.form === "list" ? `[[${name}]]` : `[${name}]`), name);
    const { variants } = schema;
    const tables: KeyTable[] = [schema.keys];
    for (const [variant, { keys, notServed }] of Object.entries(variants?.of ?? {})) {
      assert.ok(lines.some((line) => line.includes(`"${variant}"`)), variant);
      if (notServed === undefined) tables.push(keys);
    }
    for (const key of tables.flatMap((table) => Object.keys(table))) {
      assert.ok(lines.some((line) => line.startsWith(`${key} = `)), key);
    }
  }
});

Deno.test("templateText(): the sections of other types load when their ## is taken away, without examples", async () => {
  const text = templateText();
  const others = text.indexOf("##[[provider]]");
  const { providers } = await parse(
    text.slice(0, others) + text.slice(others).replaceAll(/^##/gm, ""),
  );
  assert.deepEqual(providers.map(({ type }) => type), ["Software", "Pkcs11", "Tpm"]);
  const [, token] = providers;
  assert.ok(token?.type === "Pkcs11");
  assert.deepEqual([token.serialNumber, token.pin], [undefined, undefined]);
});

Deno.test("templateText() has no line wider than 100", () => {
  for (const line of templateText().split("\n")) assert.ok(line.length <= 100, line);
});

/** Every key of the schema, with the section it is in. */
function* everyKey(): Iterable<{ section: SectionName; key: string; schema: KeySchema }> {
  for (const [section, schema] of Object.entries<SectionSchema>(SECTIONS)) {
    const variants = Object.values(schema.variants?.of ?? {}).map(({ keys }) => keys);
    for (const [key, each] of [schema.keys, ...variants].flatMap((keys) => Object.entries(keys))) {
      yield { section: section as SectionName, key, schema: each };
    }
  }
}

Deno.test("the schema is sound: defaults fit their types, and texts are sentences", () => {
  for (const { section, key, schema } of everyKey()) {
    const { type, default: value, required, example, help } = schema;
    assert.match(key, /^[a-z_]+$/);
    assert.match(help, /^[A-Z].*\.$/, `${section}.${key}`);
    assert.ok(
      !(required && value !== undefined),
      `${section}.${key} is required and has a default`,
    );
    assert.ok(
      example === undefined || value === undefined,
      `${section}.${key} has an example and a default`,
    );
    if (type.kind === "integer" && typeof value === "number") {
      assert.ok(type.min <= value && value <= type.max, `${section}.${key}`);
    }
    if (type.kind === "choice") assert.ok(type.values.some((each) => each === value), key);
  }
});
