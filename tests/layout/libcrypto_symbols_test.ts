/**
 * The declarations of `ffi/libcrypto` against the installed headers, by the compiler: prototypes, the native
 * type chosen for each C type, constants, and the layout of OSSL_PARAM.
 */
import assert from "node:assert/strict";
import { OSSL_PARAM } from "../../ffi/libcrypto/params.ts";
import { LIBCRYPTO } from "../../ffi/libcrypto/symbols.ts";
import * as types from "../../ffi/libcrypto/types.ts";

const SYMBOLS_SOURCE = new URL("../../ffi/libcrypto/symbols.ts", import.meta.url);
const C_SOURCE = new URL("./libcrypto_symbols.c", import.meta.url);

/** The native types that fit a C type; what is not here is a pointer. */
const NATIVE_TYPES: Readonly<Record<string, string>> = {
  "void": "void",
  "int": "i32",
  "unsigned int": "u32",
  "point_conversion_form_t": "u32",
  "long": "i64",
  "unsigned long": "u64",
  "uint64_t": "u64",
  "size_t": "usize",
  "block128_f": "pointer",
};

interface Prototype {
  readonly key: string;
  readonly text: string;
  readonly name: string;
  readonly result: string;
  readonly parameters: readonly string[];
}

const PROTOTYPE = /\/\*\* ([^*\n].*;) \*\/\n\s+(\w+): \{/g;

function prototypes(): readonly Prototype[] {
  const source = Deno.readTextFileSync(SYMBOLS_SOURCE);
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

function fits(cType: string, native: string): boolean {
  if (cType.includes("*")) return native === "pointer" || native === "buffer";
  return NATIVE_TYPES[cType] === native;
}

/** Compiles a C text; returns what the compiler says, nothing when it is content. */
async function compile(source: string): Promise<string> {
  const compiler = new Deno.Command("cc", {
    args: ["-x", "c", "-std=c11", "-Wall", "-Wno-redundant-decls", "-fsyntax-only", "-"],
    stdin: "piped",
    stderr: "piped",
  }).spawn();
  const writer = compiler.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { success, stderr } = await compiler.output();
  const said = new TextDecoder().decode(stderr);
  assert.equal(success, said === "", said);
  return said;
}

const HEADERS = Deno.readTextFileSync(C_SOURCE);

Deno.test("LIBCRYPTO has a prototype for each symbol", () => {
  assert.deepEqual(
    prototypes().map(({ key }) => key).toSorted(),
    Object.keys(LIBCRYPTO).toSorted(),
  );
});

Deno.test("LIBCRYPTO's prototypes are those of the headers", async () => {
  const lines = [...new Set(prototypes().map(({ text }) => `extern ${text}`))];
  assert.equal(await compile([HEADERS, ...lines, ""].join("\n")), "");
});

Deno.test("a wrong prototype does not compile", async () => {
  const wrong = "extern int EVP_MD_get_size(const EVP_CIPHER *md);";
  assert.match(await compile(`${HEADERS}\n${wrong}\n`), /conflicting types/);
});

Deno.test("LIBCRYPTO's native types fit its prototypes", async (t) => {
  const symbols: Deno.ForeignLibraryInterface = LIBCRYPTO;
  for (const prototype of prototypes()) {
    await t.step(prototype.key, () => {
      const symbol = symbols[prototype.key];
      assert.ok(symbol);
      assert.equal(symbol.name ?? prototype.key, prototype.name);
      if ("type" in symbol) return assert.equal(symbol.type, "pointer"); // a function's address
      const found = [symbol.result, ...symbol.parameters];
      const wanted = [prototype.result, ...prototype.parameters];
      assert.equal(found.length, wanted.length);
      wanted.forEach((cType, i) =>
        assert.ok(fits(cType, String(found[i])), `${cType} is not ${found[i]}`)
      );
    });
  }
});

Deno.test("the constants are those of the headers", async () => {
  const lines = Object.entries(types).map(([name, value]) =>
    `_Static_assert((unsigned long) ${name} == ${value}UL, "${name}");`
  );
  assert.ok(lines.length > 10);
  assert.equal(await compile([HEADERS, ...lines, ""].join("\n")), "");
});

Deno.test("OSSL_PARAM is laid out as in the headers", async () => {
  const offsets = Object.entries(OSSL_PARAM.offsets).map(([field, offset]) =>
    `_Static_assert(offsetof(OSSL_PARAM, ${field}) == ${offset}, "${field}");`
  );
  const size = `_Static_assert(sizeof(OSSL_PARAM) == ${OSSL_PARAM.size}, "size");`;
  assert.equal(await compile([HEADERS, size, ...offsets, ""].join("\n")), "");
});
