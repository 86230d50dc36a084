/**
 * Where calls are made: at once, which blocks this thread, or on another one, which costs tens of microseconds.
 * Nobody knows beforehand which is better for a token, so whoever opens a session decides, call by call.
 */
import type { FunctionName } from "./calls.ts";

/** A call as far as its duration depends on it. */
export interface CallKind {
  readonly functionName: FunctionName;
  /** CKM_* */
  readonly mechanism: number;
  /** Data in, bytes. */
  readonly length: number;
}

export interface Pace {
  /** Whether to make a call at once. */
  isQuick(call: CallKind): boolean;
  /** How long a call took. On another thread that includes getting there and back. */
  took(call: CallKind, ms: number, where: "here" | "elsewhere"): void;
}

/** For tokens of which nothing is known: no call may block this thread. */
export const UNHURRIED: Pace = {
  isQuick: () => false,
  took: () => {},
};
