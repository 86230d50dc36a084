/**
 * The product as a program: the executable that PARSEC_BIN names, else the sources, under the flags that
 * users run them with.
 */
import { fileURLToPath } from "node:url";
import { serviceFlags } from "../../image/service_flags.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Program {
  readonly path: string;
  /** Arguments that come before the product's own. */
  readonly prefix: readonly string[];
}

export function parsecProgram(): Program {
  const executable = Deno.env.get("PARSEC_BIN");
  if (executable) return { path: executable, prefix: [] };
  const prefix = ["run", "--quiet", ...serviceFlags(), `${ROOT}src/main.ts`];
  return { path: Deno.execPath(), prefix };
}

export interface ProgramOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
}

/** Runs the product with these arguments to its end. */
export function runParsec(args: readonly string[], options?: RunOptions): Promise<ProgramOutput> {
  const { path, prefix } = parsecProgram();
  return runToEnd(path, [...prefix, ...args], options);
}

export async function runToEnd(
  path: string,
  args: readonly string[],
  { env = {}, stdin = "" }: RunOptions = {},
): Promise<ProgramOutput> {
  const child = new Deno.Command(path, {
    args: [...args],
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), feed(child.stdin, input)]);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

async function feed(stream: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  try {
    if (bytes.length > 0) await writer.write(bytes);
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // a program need not read it
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
