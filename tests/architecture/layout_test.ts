/** The project's folder has what the map in the README says, and its two commands are what CI runs. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ROOT } from "./module_graph.ts";

const TOP_LEVEL = [
  ".ci",
  ".git",
  ".gitignore",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "bench",
  "deno.json",
  "deno.lock",
  "ffi",
  "image",
  "parsec.toml",
  "proto",
  "providers",
  "src",
  "tests",
] as const;

const START = "npx -y deno@2.9.6 task start";
const TEST = "npx -y deno@2.9.6 task test";

function read(path: string): string {
  return Deno.readTextFileSync(ROOT + path);
}

Deno.test("nothing lies about at the top of the project", () => {
  const ignored = read(".gitignore").split("\n").map((line) => line.replaceAll("/", ""));
  const found = [...Deno.readDirSync(ROOT)].map(({ name }) => name);
  deepStrictEqual(found.filter((name) => !ignored.includes(name)).sort(), [...TOP_LEVEL]);
});

Deno.test("the README names the two commands, and CI runs the second", () => {
  for (const command of [START, TEST]) ok(read("README.md").includes(command), command);
  ok(read(".ci/run").split("\n").some((line) => line.startsWith(`${TEST} `)));
  ok((Deno.statSync(`${ROOT}.ci/run`).mode! & 0o111) !== 0, ".ci/run can't be executed");
});

Deno.test("one version of Deno everywhere", () => {
  const named = ["README.md", ".ci/run"].flatMap((file) =>
    [...read(file).matchAll(/deno@(\d+\.\d+\.\d+)/g)].map(([, version]) => version)
  );
  deepStrictEqual(new Set(named), new Set(["2.9.6"]));
  strictEqual(Deno.version.deno, "2.9.6");
});
