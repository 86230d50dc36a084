/** Why a token can't be used, in words for whoever configured it. */

/** What is wrong. */
export type TokenProblem =
  /** The library can't be loaded, or is no PKCS#11 module. */
  | "library"
  /** The module does not start. */
  | "module"
  /** No slot, or more than one, is the one that is meant. */
  | "slot"
  /** The slot is right; what is in it can't be used. */
  | "token"
  /** The PIN is missing, locked, or not to be tried. */
  | "pin"
  /** The PIN was tried and is wrong: that has cost an attempt. */
  | "pin_refused";

/** The message names what was found, what was wanted and, after a semicolon, the next step. */
export class TokenError extends Error {
  readonly problem: TokenProblem;

  constructor(problem: TokenProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TokenError";
    this.problem = problem;
  }
}

/** A token's own words in a message. The log escapes what is unsafe in them, and quotes of the other kind. */
export function quoted(text: string): string {
  return `'${text}'`;
}
