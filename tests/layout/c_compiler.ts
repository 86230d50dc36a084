/** The C compiler, for tests that hold declarations against the installed headers. */
import assert from "node:assert/strict";

/**
 * Looks at a C text; returns what the compiler says of it, nothing when it is content.
 *
 * @param options More of the compiler's: where headers are.
 */
export async function complaints(
  source: string,
  options: readonly string[] = [],
): Promise<string> {
  const checks = ["-std=gnu11", "-Wall", "-Wno-redundant-decls", "-fsyntax-only"];
  const args = ["-x", "c", ...checks, ...options, "-"];
  const compiler = new Deno.Command("cc", { args, stdin: "piped", stderr: "piped" }).spawn();
  const writer = compiler.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const { success, stderr } = await compiler.output();
  const said = new TextDecoder().decode(stderr);
  assert.equal(success, said === "", said);
  return said;
}

/** Compiles and runs a C program; returns what it prints. */
export async function runProgram(source: URL): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "parsec-layout-" });
  try {
    const program = `${folder}/program`;
    await succeed("cc", ["-Wall", "-Wextra", "-Werror", "-o", program, source.pathname]);
    return await succeed(program, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function succeed(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
