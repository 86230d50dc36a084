/** The executable that `deno compile` makes, with a stand-in for its runtime: what is inside, what is baked in. */
import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { CompileError, compileExecutable } from "../../image/compile_executable.ts";
import { embeddedFiles } from "../../image/embedded_files.ts";
import { moduleGraph, ROOT } from "../architecture/module_graph.ts";
import { TempFolder } from "../fakes/temp_folder.ts";

/** Any ELF file can take the place of denort: packing does not run it. */
const STAND_IN = "/bin/true";
const PACKAGES = ".deno_compile_node_modules/localhost/";

async function compiled(folder: TempFolder): Promise<Uint8Array> {
  const output = folder.file("parsec");
  await compileExecutable({ output, denort: STAND_IN });
  return await Deno.readFile(output);
}

Deno.test("compileExecutable() packs the production graph and nothing else", async (t) => {
  using folder = new TempFolder();
  const executable = await compiled(folder);
  const files = embeddedFiles(executable);
  const { files: graph, packages } = await moduleGraph(["src/main.ts"]);

  await t.step("the entry, the generated codec, and providers that are loaded on demand", () => {
    for (
      const part of [
        "src/main.ts",
        "proto/generated/contracts.js",
        "providers/software/mod.ts",
        "providers/pkcs11/mod.ts",
        "providers/tpm/mod.ts",
        "ffi/tss2/mod.ts",
      ]
    ) ok(files.includes(part), part);
  });
  await t.step("of our files only what the entry imports", () => {
    const ours = files.filter((file) => !file.startsWith(PACKAGES));
    deepStrictEqual(ours.filter((file) => !graph.has(file)), []);
  });
  await t.step("the npm packages of production, and no other", () => {
    const packed = files.filter((file) => file.startsWith(PACKAGES)).map((file) =>
      file.slice(PACKAGES.length).replace(/^((?:@[^/]+\/)?[^/]+)\/([^/]+)\/.*$/, "$1@$2")
    );
    deepStrictEqual([...new Set(packed)].sort(), [...packages].sort());
  });
  await t.step("no path of the machine that built it", () => {
    ok(!new TextDecoder("latin1").decode(executable).includes(ROOT));
  });
});

Deno.test("compileExecutable() bakes in permissions and V8 flags, and no code cache", async (t) => {
  using folder = new TempFolder();
  const text = new TextDecoder("latin1").decode(await compiled(folder));
  for (
    const [what, part] of [
      ["no other programs", '"allow_run":null'],
      ["no questions", '"prompt":false'],
      ["no IPv4", '"deny_net":["0.0.0.0/0"]'],
      ["no code from elsewhere", '"deny_import":[]'],
      ["libraries", '"allow_ffi":[]'],
      ["a small heap", '"--max-old-space-size='],
      ["no code cache", '"code_cache_key":null'],
    ] as const
  ) {
    await t.step(what, () => {
      ok(text.includes(part), `${part} not found`);
    });
  }
});

Deno.test("compileExecutable() gives the same bytes for the same tree", async () => {
  using first = new TempFolder();
  using second = new TempFolder();
  deepStrictEqual(await compiled(first), await compiled(second));
});

Deno.test("compileExecutable() says in one line what is wrong with a runtime", async (t) => {
  using folder = new TempFolder();
  const output = folder.file("parsec");
  await t.step("not there", async () => {
    await rejects(compileExecutable({ output, denort: folder.file("denort") }), (error) => {
      ok(error instanceof CompileError);
      match(
        error.message,
        /^Cannot build .*: DENORT_BIN is .*\/denort, which is no file; wanted a denort of Deno \S+ for \S+, unpacked$/,
      );
      return true;
    });
  });
  await t.step("not an executable", async () => {
    Deno.writeTextFileSync(folder.file("denort"), "text");
    await rejects(compileExecutable({ output, denort: folder.file("denort") }), (error) => {
      ok(error instanceof CompileError);
      match(error.message, /^Cannot build .*Not an ELF file$/);
      return true;
    });
  });
});

Deno.test("the task compile says in one line what to do where the runtime cannot be downloaded", async () => {
  using folder = new TempFolder();
  // The packages that are there already, no runtime, and no network to get one from.
  Deno.symlinkSync(`${await denoFolder()}/npm`, folder.file("npm"));
  const nowhere = "http://127.0.0.1:1";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-prompt", "image/compile.ts"],
    cwd: ROOT,
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", DENO_DIR: folder.path, HTTPS_PROXY: nowhere, NO_COLOR: "1" },
  }).output();
  strictEqual(code, 1);
  strictEqual(new TextDecoder().decode(stdout), "");
  match(
    new TextDecoder().decode(stderr),
    /^error: Cannot build target\/parsec: the runtime to pack cannot be downloaded here; set DENORT_BIN to a denort of Deno \S+ for \S+, unpacked\n$/,
  );
});

async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

Deno.test("embeddedFiles() rejects what is no such executable", () => {
  throws(() => embeddedFiles(Deno.readFileSync(STAND_IN)), SyntaxError);
});
