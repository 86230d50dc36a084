/**
 * What is wrong with a database, by how much of it that costs.
 *
 * Source: the findings of SQLite's `PRAGMA integrity_check`, one a row (as of SQLite 3.53).
 */
import type { Database } from "./database.ts";

export type Integrity =
  | { readonly kind: "sound" }
  /** The tables are sound; the indexes can be made from them again. */
  | { readonly kind: "indexes"; readonly finding: string }
  | { readonly kind: "damaged"; readonly finding: string };

/** Differs where a bit of an indexed value is wrong, in the table or in the index. */
const OF_AN_INDEX =
  /^(row \d+ (missing from|values differ from)|rowid not at end-of-record|wrong # of entries in|non-unique entry in) /;

/** A value of the wrong type is for whoever reads the row: it costs no other row. */
const OF_A_VALUE = /^(NULL|non-[A-Z]+) value in /;

/** More than these aren't looked at. */
const MOST_FINDINGS = 100;

export function checkIntegrity(database: Database): Integrity {
  const findings = database.prepare(`PRAGMA integrity_check(${MOST_FINDINGS})`).all()
    .map((row) => String(row.integrity_check)).filter((finding) => finding !== "ok");
  const structural = findings.length >= MOST_FINDINGS
    ? findings[0]
    : findings.find((finding) => !OF_AN_INDEX.test(finding) && !OF_A_VALUE.test(finding));
  if (structural !== undefined) return { kind: "damaged", finding: structural };
  const index = findings.find((finding) => OF_AN_INDEX.test(finding));
  return index === undefined ? { kind: "sound" } : { kind: "indexes", finding: index };
}
