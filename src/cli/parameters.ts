/**
 * Options and arguments of subcommands, typed: each declares itself to the parser and reads its own value.
 */
import { Argument, type Command as Parser, Option } from "commander";
import { CommandError, ExitCode } from "./exit_code.ts";

export interface Parameter<T> {
  declare(parser: Parser): void;
  /** @throws {CommandError} If the value given is none of this parameter. */
  read(parser: Parser): T;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

export type Values<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/** From the text of an option to its value. @throws {RangeError} Saying what is wanted. */
export type Parse<T> = (text: string) => T;

const asText: Parse<string> = (given) => given;

/** @param flags As commander takes them: `-b, --bits <bits>`. */
export function option<T>(
  flags: string,
  description: string,
  parse: Parse<T>,
): Parameter<T | undefined> {
  const declared = new Option(flags, description);
  return {
    declare: (parser) => void parser.addOption(declared),
    read: (parser) => {
      const given: unknown = parser.getOptionValue(declared.attributeName());
      return typeof given === "string" ? parseOption(flags, given, parse) : undefined;
    },
  };
}

export function requiredOption<T>(
  flags: string,
  description: string,
  parse: Parse<T>,
): Parameter<T> {
  const declared = new Option(flags, description).makeOptionMandatory();
  return {
    declare: (parser) => void parser.addOption(declared),
    read: (parser) => {
      const given: unknown = parser.getOptionValue(declared.attributeName());
      if (typeof given !== "string") throw new TypeError(`Mandatory ${flags} was let through`);
      return parseOption(flags, given, parse);
    },
  };
}

export function text(flags: string, description: string): Parameter<string | undefined> {
  return option(flags, description, asText);
}

export function requiredText(flags: string, description: string): Parameter<string> {
  return requiredOption(flags, description, asText);
}

/** Off unless given. */
export function flag(flags: string, description: string): Parameter<boolean> {
  const declared = new Option(flags, description);
  return {
    declare: (parser) => void parser.addOption(declared),
    read: (parser) => parser.getOptionValue(declared.attributeName()) === true,
  };
}

/**
 * May be repeated, and takes several values at once.
 *
 * @param flags With dots: `--san <name...>`.
 */
export function listOption<T>(
  flags: string,
  description: string,
  parse: Parse<T>,
): Parameter<readonly T[]> {
  const declared = new Option(flags, description);
  return {
    declare: (parser) => void parser.addOption(declared),
    read: (parser) => {
      const given: unknown = parser.getOptionValue(declared.attributeName());
      return Array.isArray(given)
        ? given.map((each) => parseOption(flags, String(each), parse))
        : [];
    },
  };
}

/** @param name With its brackets: `<input-data>`. */
export function argument(name: string, description: string): Parameter<string> {
  const declared = new Argument(name, description);
  return {
    declare: (parser) => void parser.addArgument(declared),
    read: (parser) => {
      const given = parser.args[parser.registeredArguments.indexOf(declared)];
      if (given === undefined) throw new TypeError(`Mandatory ${name} was let through`);
      return given;
    },
  };
}

/** A number in decimal digits. */
export function wholeNumber(
  { min, max }: { readonly min: number; readonly max: number },
): Parse<number> {
  return (text) => {
    const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new RangeError(`a whole number from ${min} to ${max} wanted`);
  };
}

function parseOption<T>(flags: string, given: string, parse: Parse<T>): T {
  try {
    return parse(given);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(`Cannot take ${flags}: ${JSON.stringify(given)}, ${error.message}`, {
      exitCode: ExitCode.Misuse,
      cause: error,
    });
  }
}
