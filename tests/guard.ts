/**
 * The task `guard`: what a change must pass beside the tests. Runs everything, however much fails, and closes
 * with a plain `N passed, N failed`.
 */
const TESTS = ["test", "--allow-all", "--no-prompt", "--quiet"] as const;

const GUARDS = [
  { name: "format", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint", "--quiet"] },
  { name: "types", args: ["check", "--quiet"] },
  { name: "lock file", args: ["install", "--frozen", "--quiet"] },
  { name: "import boundaries", args: [...TESTS, "tests/architecture"] },
  { name: "packing", args: [...TESTS, "tests/packing"] },
] as const;

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

const failed: string[] = [];
for (const { name, args } of GUARDS) {
  const { code } = await new Deno.Command(Deno.execPath(), { args: [...args], stdin: "null" })
    .spawn().status;
  print(`guard: ${name} ${code === 0 ? "ok" : "FAILED"}`);
  if (code !== 0) failed.push(name);
}
print(`${GUARDS.length - failed.length} passed, ${failed.length} failed`);
Deno.exit(failed.length === 0 ? 0 : 1);
