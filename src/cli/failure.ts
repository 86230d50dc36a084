/**
 * From what was thrown to what the user is told: one message, one next step, one exit code.
 */
import { CommanderError } from "commander";
import {
  EndpointError,
  MalformedResponseError,
  ServiceError,
  UnreachableError,
  type UnreachableReason,
} from "../client/mod.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import { permissionHint } from "./permission_hint.ts";
import { statusAdvice } from "./status_advice.ts";

export interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The service's word, where it is the one that refused. */
  readonly status?: { readonly name: string; readonly code: number };
}

const ENDPOINT_HINT = "set PARSEC_SERVICE_ENDPOINT, or --endpoint, to unix:/path/of/socket";

const REASON_HINTS: Readonly<Record<Exclude<UnreachableReason, "permission">, string>> = {
  missing: `is the service running? ${ENDPOINT_HINT}`,
  not_a_socket: ENDPOINT_HINT,
  refused: "the service is not running: start it with `parsec serve`, or see its log",
  busy: "the service has more connections waiting than it takes: try again",
  timeout: "the service is busy or stuck: try again, with more time (-t), and see its log",
  closed: "is it a Parsec service? See its log",
};

/** @param command The subcommand that ran, for the way to its help. */
export async function describeFailure(
  error: unknown,
  command: string | undefined,
): Promise<Failure> {
  if (error instanceof ServiceError) return refusal(error);
  if (error instanceof CommandError) {
    const { exitCode, message, hint } = error;
    return {
      exitCode,
      message,
      hint: hint ?? (isMisuse(exitCode) ? helpHint(command) : undefined),
    };
  }
  if (error instanceof CommanderError) {
    return { exitCode: ExitCode.Misuse, message: misuseText(error), hint: helpHint(command) };
  }
  if (error instanceof EndpointError) {
    return { exitCode: ExitCode.Misuse, message: error.message, hint: ENDPOINT_HINT };
  }
  if (error instanceof UnreachableError) {
    const { reason, path, message } = error;
    const hint = reason === "permission" ? await permissionHint(path) : REASON_HINTS[reason];
    return { exitCode: ExitCode.Unreachable, message, hint };
  }
  if (error instanceof MalformedResponseError) {
    const { message } = error;
    return { exitCode: ExitCode.Unreachable, message, hint: "is it a Parsec service? See its log" };
  }
  return { exitCode: ExitCode.Failed, message: unexpected(error) };
}

function refusal(error: ServiceError): Failure {
  const { operation, statusName: name, status: code } = error;
  const advice = statusAdvice(code, operation);
  return {
    exitCode: ExitCode.Failed,
    message: advice === undefined
      ? error.message
      : `${operation} was refused: ${advice.meaning} (${name}, ${code})`,
    hint: advice?.hint,
    status: { name, code },
  };
}

function isMisuse(exitCode: ExitCode): boolean {
  return exitCode === ExitCode.Misuse;
}

function helpHint(command: string | undefined): string {
  return command === undefined ? "see `parsec --help`" : `see \`parsec ${command} --help\``;
}

/** The parser's text on one line, without its own prefix. */
function misuseText(error: CommanderError): string {
  if (error.code === "commander.help") return "Cannot run: no command given";
  return error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
}

/** An error that nobody planned for is a bug: its stack is what a report of it needs. */
function unexpected(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
