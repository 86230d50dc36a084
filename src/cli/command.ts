/**
 * A subcommand: parse, call, print. A new one is a file that calls {@linkcode defineCommand} and a row in
 * `commands.ts`.
 */
import type { Command as Parser } from "commander";
import type { Parameters, Values } from "./parameters.ts";
import type { Session } from "./session.ts";

/** What a command does; the exit code where it is not 0. */
export type Run = (session: Session) => Promise<number | void>;

export interface Command {
  readonly name: string;
  /** Adds the subcommand to the parser; `start` is called when it is the one to be run. */
  install(program: Parser, start: (run: Run) => Promise<void>): void;
}

export interface CommandSpecification<P extends Parameters> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** More, for the help of the command itself. */
  readonly details?: string;
  readonly parameters: P;
  run(session: Session, values: Values<P>): Promise<number | void>;
}

export function defineCommand<P extends Parameters>(spec: CommandSpecification<P>): Command {
  const { name, summary, details, parameters } = spec;
  return {
    name,
    install: (program, start) => {
      const parser = program.command(name).summary(summary);
      parser.description(details === undefined ? summary : `${summary}\n\n${details}`);
      for (const parameter of Object.values(parameters)) parameter.declare(parser);
      parser.action(() => start((session) => spec.run(session, readValues(parameters, parser))));
    },
  };
}

function readValues<P extends Parameters>(parameters: P, parser: Parser): Values<P> {
  const entries = Object.entries(parameters).map((
    [key, parameter],
  ) => [key, parameter.read(parser)]);
  // The keys are those of the parameters, each with what its own `read` returns.
  return Object.fromEntries(entries) as Values<P>;
}
