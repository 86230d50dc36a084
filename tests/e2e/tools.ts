/**
 * The two command lines, on one service.
 */
import { equal } from "node:assert/strict";
import { parsecToolPath } from "../setup/parsec_tool.ts";
import { type ProgramOutput, runParsec, runToEnd } from "./parsec_program.ts";

/** The name of both tools under Direct authentication. */
export const APPLICATION = "parsec-tool";

/** What is signed and encrypted. */
export const TEXT = "Grüße vom Gateway, 1 € & ein\ttab";

export interface Tool {
  readonly name: "parsec-tool" | "parsec";
  /** Runs it to its end, whatever the exit code. */
  run(args: readonly string[]): Promise<ProgramOutput>;
  /** Runs it and returns its standard output; the exit code has to be 0. */
  get(...args: readonly string[]): Promise<string>;
}

export interface Tools {
  readonly theirs: Tool;
  readonly ours: Tool;
  readonly both: readonly [Tool, Tool];
}

export function toolsFor(endpoint: string): Tools {
  const env = { PARSEC_SERVICE_ENDPOINT: endpoint };
  const path = parsecToolPath();
  if (path === undefined) throw new TypeError("parsec-tool is not built");
  const theirs = tool("parsec-tool", (args) => runToEnd(path, args, { env }));
  const ours = tool("parsec", (args) => runParsec(args, { env }));
  return { theirs, ours, both: [theirs, ours] };
}

function tool(name: Tool["name"], run: Tool["run"]): Tool {
  return {
    name,
    run,
    get: async (...args) => {
      const { code, stdout, stderr } = await run(args);
      equal(code, 0, `${name} ${args.join(" ")}\n${stdout}${stderr}`);
      return stdout;
    },
  };
}

/**
 * Runs one command line with both and checks that they print the same.
 *
 * @param options.sorted Where parsec-tool's order of lines is not fixed.
 */
export async function printsTheSame(
  { theirs, ours }: Tools,
  args: readonly string[],
  options: { readonly sorted?: boolean } = {},
): Promise<string> {
  const wanted = await theirs.get(...args);
  const found = await ours.get(...args);
  if (options.sorted) equal(sortLines(found), sortLines(wanted), args.join(" "));
  else equal(found, wanted, args.join(" "));
  return found;
}

function sortLines(text: string): string {
  return text.split("\n").toSorted().join("\n");
}
