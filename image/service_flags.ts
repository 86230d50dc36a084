/**
 * The permissions and V8 flags of the service and of the command line. They are written once, in the task
 * `parsec` of `deno.json`, which users run; the compiled executable, the tests and the benchmark read them here.
 */
import settings from "../deno.json" with { type: "json" };

/** The entry of the executable, relative to the project's folder. */
export const ENTRY = "src/main.ts";

/**
 * What stands between `deno run` and the entry: permissions, `--no-prompt` and `--v8-flags=…`.
 *
 * @throws {TypeError} If the task is not of the form `deno run FLAGS… src/main.ts`.
 */
export function serviceFlags(task: string = settings.tasks.parsec): readonly string[] {
  const [deno, run, ...rest] = task.split(" ");
  const flags = rest.slice(0, -1);
  if (
    deno !== "deno" || run !== "run" || rest.at(-1) !== ENTRY ||
    !flags.every((flag) => flag.startsWith("--"))
  ) {
    throw new TypeError(
      `Cannot read the flags of task "parsec": found "${task}", wanted "deno run --FLAG… ${ENTRY}"`,
    );
  }
  return flags;
}
