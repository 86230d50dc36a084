/** What is wrong between the values of a TPM provider, and with auth values. */
import type { Problems } from "./problems.ts";
import type { SectionReading } from "./read_section.ts";

const HIERARCHIES = [
  { key: "owner_hierarchy_auth", field: "ownerAuth", fileField: "ownerAuthFile" },
  {
    key: "endorsement_hierarchy_auth",
    field: "endorsementAuth",
    fileField: "endorsementAuthFile",
  },
] as const;

/** Values are never shown: they are secrets. */
export function checkTpm({ variant, values, places }: SectionReading, problems: Problems): void {
  if (variant !== "Tpm") return;
  for (const { key, field, fileField } of HIERARCHIES) {
    const text = values.get(field);
    const problem = typeof text === "string" ? problemOf(text) : undefined;
    if (problem !== undefined) {
      problems.add(places.get(key), `provider.${key}`, {
        found: `a value that is not shown, ${problem.found}`,
        wanted: problem.wanted,
      });
    }
    if (text !== undefined && values.has(fileField)) {
      problems.add(places.get(`${key}_file`), `provider.${key}_file`, {
        found: `an auth value in ${key} too`,
        wanted: "an auth value in one place",
      });
    }
  }
}

/** TPM2B_AUTH, bytes. */
const MOST = 64;

function problemOf(text: string): { readonly found: string; readonly wanted: string } | undefined {
  const hex = /^hex:([^]*)$/.exec(text)?.[1];
  if (hex !== undefined && !/^([0-9a-fA-F]{2})*$/.test(hex)) {
    return {
      found: "with something else after hex:",
      wanted: "pairs of hexadecimal digits after hex:",
    };
  }
  const length = hex === undefined
    ? new TextEncoder().encode(text.replace(/^str:/, "")).length
    : hex.length / 2;
  return length > MOST
    ? { found: `of ${length} bytes`, wanted: `at most ${MOST} bytes` }
    : undefined;
}
