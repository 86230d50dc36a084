/** What is wrong with a configuration: all of it, each with its place, what was found and what is wanted. */
import { escapeText } from "../log/quote.ts";

export interface ConfigProblem {
  /** As the operator named it; `undefined` for the environment of the embedded default. */
  readonly file: string | undefined;
  /** Counts from 1; `undefined` where the problem has no place, as with a file that is not there. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** With its section: `listener.timeout`. */
  readonly key: string | undefined;
  /** Printable, and without the values of secret keys. */
  readonly found: string;
  readonly wanted: string;
  /** The next step. */
  readonly hint?: string;
}

/** The configuration cannot be used. Its message says how much is wrong; `format` says what. */
export class ConfigError extends Error {
  /** At least one, in the order of the file. */
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const [first] = problems;
    if (first === undefined) throw new TypeError("A ConfigError needs a problem");
    const where = first.file === undefined ? "the environment" : escapeText(first.file);
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(`Cannot use the configuration in ${where}: found ${count}, wanted none`, options);
    this.name = "ConfigError";
    this.problems = problems;
  }

  /** One problem a line, a hint below it where there is one; no line feed at the end. */
  format(): string {
    return this.problems.map(formatProblem).join("\n");
  }
}

/** `parsec.toml:12: listener.timeout: found "200ms" (string), wanted …`, and `  hint: …` on a second line. */
export function formatProblem(problem: ConfigProblem): string {
  const { key, found, wanted, hint } = problem;
  const what = key === undefined ? "" : `${key}: `;
  const next = hint === undefined ? "" : `\n  hint: ${hint}`;
  return `${formatPlace(problem)}${what}found ${found}, wanted ${wanted}${next}`;
}

function formatPlace({ file, line, column, key }: ConfigProblem): string {
  if (file === undefined) return "";
  const name = escapeText(file);
  if (line === undefined) return `${name}: `;
  // A key is easier to find than a column.
  return key === undefined ? `${name}:${line}:${column}: ` : `${name}:${line}: `;
}
