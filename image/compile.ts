/** The task `compile`: builds `target/parsec`, the service and its command line in one file. */
import { CompileError, compileExecutable } from "./compile_executable.ts";
import { embeddedFiles } from "./embedded_files.ts";

const OUTPUT = "target/parsec";

function print(stream: { writeSync(bytes: Uint8Array): number }, line: string): void {
  stream.writeSync(new TextEncoder().encode(line + "\n"));
}

await Deno.mkdir("target", { recursive: true });
try {
  await compileExecutable({ output: OUTPUT, denort: Deno.env.get("DENORT_BIN") });
  const executable = await Deno.readFile(OUTPUT);
  const megabytes = (executable.length / 1e6).toFixed(1);
  print(
    Deno.stdout,
    `${OUTPUT}: ${megabytes} MB, ${embeddedFiles(executable).length} files inside`,
  );
} catch (error) {
  if (!(error instanceof CompileError)) throw error;
  print(Deno.stderr, `error: ${error.message}`);
  Deno.exit(1);
}
