/** The import table holds for every file, nothing is left over, and development stays out of production. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BOUNDARIES, objection } from "./boundaries.ts";
import { allFiles, loadedAtOnce, moduleGraph } from "./module_graph.ts";

const ENTRY = "src/main.ts";

/** What the tasks run; everything else is there because one of these, or a test, imports it. */
const TOOLS = [
  "tests/run.ts",
  "tests/guard.ts",
  "bench/bench.ts",
  "image/compile.ts",
  "proto/generate.ts",
  "src/config/template.ts",
  "tests/provider_suite/write_support.ts",
  "tests/vectors/wycheproof/convert.ts",
] as const;

/** Libraries and providers that are there before the service offers them. An entry goes with its first use. */
const NOT_YET_SERVED: readonly string[] = [];

/** Every npm package inside the executable. A new one is a decision: see ARCHITECTURE.md. */
const PRODUCTION_PACKAGES = [
  "@peculiar/asn1-csr",
  "@peculiar/asn1-schema",
  "@peculiar/asn1-x509",
  "@peculiar/utils",
  "asn1js",
  "commander",
  "eslint-visitor-keys",
  "long",
  "protobufjs",
  "pvtsutils",
  "pvutils",
  "toml-eslint-parser",
  "tslib",
] as const;

Deno.test("objection() follows the table", async (t) => {
  for (
    const [from, to, allowed] of [
      ["src/wire/header.ts", "src/status.ts", true],
      ["src/wire/header.ts", "src/front/transport.ts", false],
      ["src/wire/header_test.ts", "tests/fakes/temp_folder.ts", true],
      ["src/wire/header.ts", "tests/fakes/temp_folder.ts", false],
      ["src/front/listener.ts", "src/wire/header_test.ts", false],
      ["src/service.ts", "providers/software/mod.ts", true],
      ["src/daemon.ts", "providers/software/mod.ts", false],
      ["src/front/listener.ts", "ffi/libc/mod.ts", false],
      ["ffi/libc/mod.ts", "ffi/runtime/mod.ts", true],
      ["ffi/libc/mod.ts", "ffi/libcrypto/mod.ts", false],
      ["ffi/runtime/mod.ts", "src/status.ts", false],
      ["providers/software/mod.ts", "ffi/libcrypto/mod.ts", true],
      ["providers/software/mod.ts", "ffi/tss2/mod.ts", false],
      ["providers/software/mod.ts", "providers/core/mod.ts", false],
      ["providers/software/mod.ts", "src/key_info/sqlite_key_info_manager.ts", false],
      ["proto/generated/contracts.js", "src/status.ts", false],
      ["elsewhere/file.ts", "src/status.ts", false],
    ] as const
  ) {
    await t.step(`${from} ${allowed ? "may" : "must not"} import ${to}`, () => {
      strictEqual(objection({ from, to }) === undefined, allowed);
    });
  }
});

Deno.test("every import keeps to the table", async () => {
  const files = allFiles();
  const { imports } = await moduleGraph(files);
  ok(imports.length > files.length, "the graph has hardly any edge: it was not read properly");
  const objections = imports.flatMap((each) => {
    const reason = objection(each);
    return reason === undefined ? [] : [`${each.from} imports ${each.to}: ${reason}`];
  });
  deepStrictEqual(objections, []);
});

Deno.test("every row of the table has files", () => {
  const files = allFiles();
  deepStrictEqual(BOUNDARIES.filter((row) => !files.some((file) => row.files.test(file))), []);
});

Deno.test("no file is unused", async (t) => {
  const files = allFiles();
  const isTest = (file: string) => file.endsWith("_test.ts");
  const isAhead = (file: string) => NOT_YET_SERVED.some((folder) => file.startsWith(folder));
  const { files: production } = await moduleGraph([ENTRY]);
  const { files: reached } = await moduleGraph([ENTRY, ...TOOLS, ...files.filter(isTest)]);
  const tools: readonly string[] = TOOLS;
  const mustServe = (file: string) =>
    /^(src|providers|ffi)\//.test(file) && !isTest(file) && !isAhead(file) &&
    !tools.includes(file);

  await t.step("the service uses its files", () => {
    deepStrictEqual(files.filter((file) => mustServe(file) && !production.has(file)), []);
  });
  await t.step("tests or tasks use the others", () => {
    deepStrictEqual(
      files.filter((file) => !isTest(file) && !isAhead(file) && !reached.has(file)),
      [],
    );
  });
  await t.step("what is said to be unused by the service is", () => {
    deepStrictEqual([...production].filter((file) => isAhead(file) || tools.includes(file)), []);
  });
});

Deno.test("nothing of development is in production", async (t) => {
  const { files, foreign, packages } = await moduleGraph([ENTRY]);
  await t.step("files of src, providers, ffi and the generated codec", () => {
    deepStrictEqual(
      [...files].filter((file) => !/^(src|providers|ffi|proto\/generated)\//.test(file)),
      [],
    );
  });
  await t.step("npm packages", () => {
    const names = [...packages].map((id) => id.slice(0, id.indexOf("@", 1)));
    deepStrictEqual(names.sort(), [...PRODUCTION_PACKAGES]);
  });
  await t.step("of protobufjs the minimal runtime", () => {
    deepStrictEqual(
      [...foreign].filter((each) => /^npm:\/?protobufjs/.test(each)).map((each) =>
        each.replace(/@[\d.]+/, "")
      ),
      ["npm:/protobufjs/minimal.js"],
    );
  });
  await t.step("nothing but npm packages and the runtime's own modules", () => {
    deepStrictEqual([...foreign].filter((each) => !/^(npm|node):/.test(each)), []);
  });
});

Deno.test("a service loads no code of the client's subcommands, nor of devices that nobody has configured", async () => {
  // What `parsec serve` imports, one after another.
  const loaded = await loadedAtOnce([ENTRY, "src/daemon.ts", "src/config/load_config.ts"]);
  for (const path of ["src/service.ts", "src/cli/commands/serve.ts", "ffi/libcrypto/mod.ts"]) {
    ok(loaded.has(path), path);
  }
  const unwanted =
    /^(src\/cli\/(commands\.ts|commands\/(?!serve)|attestation|x509)|(providers|ffi)\/(tpm|tss2|pkcs11)\/)/;
  deepStrictEqual([...loaded].filter((path) => unwanted.test(path)), []);
});
