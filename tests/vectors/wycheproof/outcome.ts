/** What came of a vector. */
import type { Outcome } from "./runner.ts";

export function outcome(
  status: number,
  found: Uint8Array | undefined,
  wanted: Uint8Array,
): Outcome {
  return { status, matches: found !== undefined && found.toHex() === wanted.toHex() };
}
