/**
 * Packs the service and its command line into one executable with `deno compile`: the production graph, its
 * npm packages, the permissions and V8 flags of `service_flags.ts`, and a runtime called denort.
 *
 * The same tree gives the same bytes. Another clone gives others, as the times of the files are packed too.
 */
import { ENTRY, serviceFlags } from "./service_flags.ts";

/** The build can't be had; the message is one line that says what to do. */
export class CompileError extends Error {
  override readonly name = "CompileError";
}

export interface CompileOptions {
  /** Where the executable goes. */
  readonly output: string;
  /** A denort on the disk; `undefined` lets Deno take it from its cache or from its makers. */
  readonly denort?: string | undefined;
}

/** @throws {CompileError} If there is no runtime to pack, or the packing fails. */
export async function compileExecutable({ output, denort }: CompileOptions): Promise<void> {
  if (denort !== undefined) await refuseMissing(denort);
  // Not type-checked here: the V8 flags hold for the compiler too, and its heap would be too small.
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      "--no-check",
      "--no-code-cache",
      "--exclude-unused-npm",
      "--app-name=parsec",
      ...serviceFlags(),
      `--output=${output}`,
      ENTRY,
    ],
    env: { NO_COLOR: "1", ...(denort === undefined ? {} : { DENORT_BIN: denort }) },
    stdin: "null",
  }).output();
  if (code !== 0) throw new CompileError(explain(output, new TextDecoder().decode(stderr)));
}

async function refuseMissing(denort: string): Promise<void> {
  const isFile = await Deno.stat(denort).then(({ isFile }) => isFile, () => false);
  if (!isFile) {
    throw new CompileError(
      `Cannot build the executable: DENORT_BIN is ${denort}, which is no file; wanted ${WANTED}`,
    );
  }
}

const WANTED = `a denort of Deno ${Deno.version.deno} for ${Deno.build.target}, unpacked`;

/** One line out of the compiler's report. */
function explain(output: string, report: string): string {
  const what = `Cannot build ${output}`;
  if (/Setting up base binary/.test(report)) {
    return `${what}: the runtime to pack cannot be downloaded here; set DENORT_BIN to ${WANTED}`;
  }
  const [causes = ""] = report.replace(/^error: /m, "").split("Stack backtrace:");
  return `${what}: ${causes.split("\n").map((line) => line.trim()).filter(Boolean).join("; ")}`;
}
