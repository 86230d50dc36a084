/**
 * The recordings of the upstream service, as data (format: `upstream/README.md`).
 */
export interface RecordedCase {
  readonly name: string;
  readonly request: string;
  readonly compare: "exact" | "length" | "status";
  readonly half_close?: boolean;
  readonly note?: string;
  readonly response: RecordedResponse;
}

export interface RecordedResponse {
  readonly status: number;
  readonly header: string;
  readonly body?: string;
  readonly body_length: number;
}

const CASE_FIELDS = new Set([
  "name",
  "request",
  "compare",
  "half_close",
  "note",
  "response",
  "ms",
]);

/** @throws {TypeError} If a file holds a field this module does not know: it may mean something. */
export function readRecording(file: string): readonly RecordedCase[] {
  const path = new URL(`upstream/${file}.json`, import.meta.url);
  const { cases } = JSON.parse(Deno.readTextFileSync(path)) as { cases: RecordedCase[] };
  for (const each of cases) {
    const unknown = Object.keys(each).filter((field) => !CASE_FIELDS.has(field));
    if (unknown.length > 0) throw new TypeError(`${file}: unknown field ${unknown[0]}`);
  }
  if (cases.length === 0) throw new TypeError(`${file}: no cases`);
  return cases;
}
