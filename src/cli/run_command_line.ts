/**
 * The command line: from the arguments to the exit code.
 */
import { Command as Parser, CommanderError } from "commander";
import { DEFAULT_ENDPOINT } from "../client/mod.ts";
import type { Command, Run } from "./command.ts";
import type { Dependencies } from "./dependencies.ts";
import { EXIT_CODES_HELP, ExitCode } from "./exit_code.ts";
import { describeFailure, type Failure } from "./failure.ts";
import { declareGlobalOptions, readGlobalOptions } from "./global_options.ts";
import type { Io } from "./io.ts";
import { Session } from "./session.ts";

const HELP_WIDTH = 100;

const ABOUT = "Keys and cryptography from the Parsec service of this machine.";

const ENVIRONMENT_HELP = `Environment:
  PARSEC_SERVICE_ENDPOINT  address of the service, for example ${DEFAULT_ENDPOINT}`;

/**
 * Runs one command line to its end.
 *
 * @param argv Without the name of the program.
 * @returns The exit code, see {@linkcode ExitCode}. Never rejects because of what the user or the service did.
 */
export async function runCommandLine(
  argv: readonly string[],
  io: Io,
  dependencies: Dependencies,
): Promise<number> {
  let exitCode: number = ExitCode.Done;
  const commands = await commandsFor(argv, dependencies.commands ?? []);
  const program = createProgram(io, { ...dependencies, commands }, async (run) => {
    const session = new Session(io, readGlobalOptions(program), dependencies);
    exitCode = await run(session) ?? ExitCode.Done;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (isHelp(error)) return ExitCode.Done;
    if (error instanceof Deno.errors.BrokenPipe) return ExitCode.Failed; // the reader had enough
    const failure = await describeFailure(error, commandIn(argv, program));
    io.stderr(argv.includes("--json") ? jsonOf(failure) : textOf(failure));
    return failure.exitCode;
  }
}

/** The client's are not loaded where the first argument names another: a service would carry them for ever. */
async function commandsFor(
  argv: readonly string[],
  others: readonly Command[],
): Promise<readonly Command[]> {
  if (others.some(({ name }) => name === argv[0])) return others;
  const { COMMANDS } = await import("./commands.ts");
  return [...others, ...COMMANDS];
}

function createProgram(
  io: Io,
  dependencies: Required<Dependencies>,
  start: (run: Run) => Promise<void>,
): Parser {
  const program = new Parser("parsec");
  program
    .description(ABOUT)
    .version(`parsec ${dependencies.version}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout(new TextEncoder().encode(text)),
      writeErr: (text) => io.stderr(text),
      outputError: () => {}, // reported with everything else, by runCommandLine
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", `\n${ENVIRONMENT_HELP}\n\n${EXIT_CODES_HELP}`);
  declareGlobalOptions(program);
  for (const command of dependencies.commands) command.install(program, start);
  return program;
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

function commandIn(argv: readonly string[], program: Parser): string | undefined {
  const names = new Set(program.commands.map((command) => command.name()));
  return argv.find((argument) => names.has(argument));
}

function textOf({ message, hint }: Failure): string {
  return `parsec: error: ${message}\n${hint === undefined ? "" : `hint: ${hint}\n`}`;
}

function jsonOf({ message, hint, status, exitCode }: Failure): string {
  return `${
    JSON.stringify({
      error: {
        message,
        hint,
        status: status?.name,
        status_code: status?.code,
        exit_code: exitCode,
      },
    })
  }\n`;
}
