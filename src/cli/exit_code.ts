/**
 * What the exit code of the command line means.
 */
export const ExitCode = {
  Done: 0,
  /** The service refused, or the answer does not allow what was asked. */
  Failed: 1,
  /** The command line, or the endpoint it was given, is wrong; nothing was asked. */
  Misuse: 2,
  /** Nobody answered, or nobody that speaks the protocol. */
  Unreachable: 3,
  /** A token has refused the PIN of the service: another start would cost another attempt. */
  RefusedPin: 4,
} as const;
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

export const EXIT_CODES_HELP = `Exit codes:
  0  done
  1  the service refused, or the key cannot do what was asked
  2  the command line or the endpoint is wrong
  3  no service answers at the endpoint
  4  serve: a token refused the PIN; to be corrected before the next start, which costs an attempt`;

/** A command cannot go on, for a reason that is the user's to know. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  /** The next step; capital or command, no full stop. */
  readonly hint: string | undefined;

  constructor(
    message: string,
    { exitCode = ExitCode.Failed, hint, ...options }:
      & ErrorOptions
      & { readonly exitCode?: ExitCode; readonly hint?: string } = {},
  ) {
    super(message, options);
    this.name = "CommandError";
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
