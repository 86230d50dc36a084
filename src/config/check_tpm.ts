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
    if (typeof text === "string" && !isAuthValue(text)) {
      problems.add(places.get(key), `provider.${key}`, {
        found: "a value that is not shown, with something else after hex:",
        wanted: "pairs of hexadecimal digits after hex:",
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

function isAuthValue(text: string): boolean {
  return !text.startsWith("hex:") || /^hex:([0-9a-fA-F]{2})*$/.test(text);
}
