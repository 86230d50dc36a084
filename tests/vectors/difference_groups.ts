/** Deliberate differences that have a reason in common. */
import type { ResponseStatus } from "../../src/status.ts";
import type { Answer } from "./differences.ts";

export type Rows = Readonly<Record<string, Answer>>;

export interface DifferenceGroup {
  readonly reason: string;
  readonly status: ResponseStatus;
  /** Names of cases, with the length of the body where it is known. */
  readonly cases: readonly (string | readonly [string, number])[];
}

export function rowsOf(groups: readonly DifferenceGroup[]): Rows {
  return Object.fromEntries(groups.flatMap(({ reason, status, cases }) =>
    cases.map((each): [string, Answer] => {
      if (typeof each === "string") return [each, { status, reason }];
      const [name, bodyLength] = each;
      return [name, { status, bodyLength, reason }];
    })
  ));
}
