/** How long a token may take before it counts as dead. */

export interface TokenLimits {
  /** To be there at the start. */
  readonly startMs: number;
  /** To do what can be done again, the wait for a session included. */
  readonly workMs: number;
  /** To do what can't. */
  readonly creationMs: number;
}

/** It makes keys at leisure: smart cards take minutes. */
export const LIMITS: TokenLimits = { startMs: 60_000, workMs: 120_000, creationMs: 600_000 };
