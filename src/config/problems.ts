/** Gathers what is wrong with one file, and what is only worth saying, while it is read to its end. */
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import type { ConfigNote } from "./service_config.ts";
import type { Position } from "./toml_document.ts";

export interface FoundProblem extends Pick<ConfigProblem, "found" | "wanted"> {
  readonly hint?: string | undefined;
}

export class Problems {
  readonly #file: string;
  readonly #problems: ConfigProblem[] = [];
  readonly #notes: ConfigNote[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** In the order of the file. */
  get notes(): readonly ConfigNote[] {
    return this.#notes.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }

  /** @param at `undefined` for something that is nowhere in the file. */
  add(
    at: Position | undefined,
    key: string | undefined,
    { found, wanted, hint }: FoundProblem,
  ): void {
    const place = { file: this.#file, line: at?.line, column: at?.column };
    const problem = { ...place, key, found, wanted };
    this.#problems.push(hint === undefined ? problem : { ...problem, hint });
  }

  note(level: ConfigNote["level"], message: string, at: Position, key: string): void {
    this.#notes.push({ level, message, file: this.#file, line: at.line, key });
  }

  /** @throws {ConfigError} If there is any problem; all of them, in the order of the file. */
  throwIfAny(): void {
    if (this.#problems.length === 0) return;
    const place = ({ line = Infinity, column = 0 }: ConfigProblem) => [line, column] as const;
    throw new ConfigError(this.#problems.toSorted((a, b) => {
      const [lineA, columnA] = place(a);
      const [lineB, columnB] = place(b);
      return lineA === lineB ? columnA - columnB : lineA - lineB;
    }));
  }
}
