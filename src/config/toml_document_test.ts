import assert from "node:assert/strict";
import { parseToml, type TomlNode, TomlSyntaxError, type TomlTable } from "./toml_document.ts";

/** The tree without its positions. */
function plain(node: TomlNode | TomlTable): unknown {
  switch (node.kind) {
    case "table":
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]));
    case "list":
      return node.items.map(plain);
    case "float":
    case "date":
      return `${node.kind} ${node.text}`;
    default:
      return node.value;
  }
}

const ACCEPTED: readonly {
  readonly name: string;
  readonly text: string;
  readonly tree: unknown;
}[] = [
  { name: "nothing", text: "", tree: {} },
  {
    name: "integers",
    text: "a = +1_000\nb = 0xFF\nc = 0o17\nd = 0b11\ne = -0",
    tree: {
      a: 1000n,
      b: 255n,
      c: 15n,
      d: 3n,
      e: 0n,
    },
  },
  {
    name: "an integer of 64 bits",
    text: "a = 9223372036854775807",
    tree: {
      a: 9223372036854775807n,
    },
  },
  {
    name: "floats",
    text: "a = 1.5\nb = inf\nc = -nan\nd = 1e3",
    tree: {
      a: "float 1.5",
      b: "float inf",
      c: "float -nan",
      d: "float 1e3",
    },
  },
  {
    name: "dates",
    text: "a = 1979-05-27T07:32:00Z\nb = 1979-05-27\nc = 07:32:00",
    tree: {
      a: "date 1979-05-27T07:32:00Z",
      b: "date 1979-05-27",
      c: "date 07:32:00",
    },
  },
  {
    name: "strings",
    text: `a = "\\u00e9\\t"\nb = 'C:\\x'\nc = """\nx\\\n  y"""\nd = ''`,
    tree: {
      a: "é\t",
      b: "C:\\x",
      c: "xy",
      d: "",
    },
  },
  {
    name: "dotted and quoted keys",
    text: `a . b = 1\n"c.d" = 2\n3.4 = 5`,
    tree: {
      a: { b: 1n },
      "c.d": 2n,
      "3": { "4": 5n },
    },
  },
  {
    name: "inline tables and lists",
    text: "a = [{ b = 1, c.d = 2 }, {}]\ne = [\n1, # one\n]",
    tree: {
      a: [{ b: 1n, c: { d: 2n } }, {}],
      e: [1n],
    },
  },
  {
    name: "tables in any order",
    text: "[a.b]\nx = 1\n[c]\n[a]\ny = 2",
    tree: {
      a: { b: { x: 1n }, y: 2n },
      c: {},
    },
  },
  {
    name: "lists of tables within each other",
    text: "[[p]]\nx = 1\n[p.q]\ny = 2\n[[p]]\n[[p.r]]\nz = 3\n[[p.r]]",
    tree: {
      p: [{ x: 1n, q: { y: 2n } }, { r: [{ z: 3n }, {}] }],
    },
  },
  {
    name: "names that objects have",
    text: "__proto__ = 1\n[constructor]\ntoString = 2",
    tree: {
      ["__proto__"]: 1n,
      constructor: { toString: 2n },
    },
  },
  { name: "carriage returns", text: "a = 1\r\nb = 2\r\n", tree: { a: 1n, b: 2n } },
];

for (const { name, text, tree } of ACCEPTED) {
  Deno.test(`parseToml() reads ${name}`, async () => {
    assert.deepEqual(plain(await parseToml(text)), tree);
  });
}

interface Refused {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly duplicate?: string;
}

const REFUSED: readonly Refused[] = [
  { name: "a key without a value", text: "a =", line: 1, column: 4 },
  { name: "a key alone", text: "\na", line: 2, column: 2 },
  { name: "two pairs in a line", text: "a = 1 b = 2", line: 1, column: 7 },
  { name: "a string without an end", text: 'a = "x\n', line: 1, column: 7 },
  { name: "a header without an end", text: "[a\n", line: 1, column: 3 },
  { name: "a word as a value", text: "a = yes", line: 1, column: 5 },
  { name: "True", text: "a = True", line: 1, column: 5 },
  { name: "a leading zero", text: "a = 0666", line: 1, column: 5 },
  { name: "an escape that there is not", text: 'a = "\\q"', line: 1, column: 7 },
  { name: "half of a surrogate pair", text: 'a = "\\ud800"', line: 1, column: 11 },
  { name: "a control character", text: 'a = "\x01"', line: 1, column: 6 },
  { name: "a control character in a comment", text: "# \x07", line: 1, column: 3 },
  { name: "a line feed in an inline table", text: "a = {\nb = 1 }", line: 1, column: 6 },
  { name: "a comma at the end of an inline table", text: "a = { b = 1, }", line: 1, column: 14 },
  { name: "the 30th of February", text: "a = 1979-02-30", line: 1, column: 14 },
  { name: "an hour without seconds", text: "a = 07:32", line: 1, column: 10 },
  { name: "a bare carriage return", text: "a = 1\rb = 2", line: 1, column: 7 },
  { name: "a key twice", text: "a = 1\na = 2", line: 2, column: 1, duplicate: "a" },
  { name: "a key twice, once quoted", text: `a = 1\n"a" = 2`, line: 2, column: 1 },
  { name: "a table twice", text: "[a]\n[a]", line: 2, column: 2, duplicate: "[a]" },
  { name: "a table that is a list", text: "[[a]]\n[a]", line: 2, column: 2, duplicate: "[a]" },
  { name: "a list that is a table", text: "[a]\n[[a]]", line: 2, column: 3, duplicate: "[a]" },
  { name: "a list that is a value", text: "a = []\n[[a]]", line: 2, column: 3, duplicate: "[a]" },
  {
    name: "more of an inline table",
    text: "a = { b = 1 }\n[a.c]",
    line: 2,
    column: 2,
    duplicate: "[a]",
  },
  {
    name: "more of a dotted table",
    text: "a.b = 1\n[a]\nc = 2",
    line: 2,
    column: 2,
    duplicate: "[a]",
  },
  {
    name: "values nested 17 deep",
    text: `a = ${"[".repeat(17)}${"]".repeat(17)}`,
    line: 1,
    column: 21,
  },
];

for (const { name, text, line, column, duplicate } of REFUSED) {
  Deno.test(`parseToml() refuses ${name}`, async () => {
    await assert.rejects(parseToml(text), (error) => {
      assert.ok(error instanceof TomlSyntaxError);
      assert.deepEqual([error.at.line, error.at.column], [line, column], error.message);
      assert.equal(error.duplicate, duplicate);
      return true;
    });
  });
}

Deno.test("parseToml() refuses values nested deeper than any stack", async () => {
  const depth = 300_000;
  const text = `a = ${"[".repeat(depth)}${"]".repeat(depth)}`;
  await assert.rejects(parseToml(text), TomlSyntaxError);
});

Deno.test("parseToml() says where keys, values and tables are", async () => {
  const document = await parseToml('# one\n[a.b]\n  key = "value"\n[[list]]\n[[list]]\n');
  const a = document.entries.get("a");
  assert.deepEqual(a?.at, { line: 2, column: 1 });
  const b = a?.node.kind === "table" ? a.node.entries.get("b")?.node : undefined;
  const entry = b?.kind === "table" ? b.entries.get("key") : undefined;
  assert.deepEqual(entry?.at, { line: 3, column: 3 });
  assert.deepEqual(entry?.node.at, { line: 3, column: 9 });
  const list = document.entries.get("list")?.node;
  const places = list?.kind === "list" ? list.items.map(({ at }) => at.line) : [];
  assert.deepEqual(places, [4, 5]);
});
