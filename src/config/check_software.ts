/** What is wrong between the values of a software provider, and with names of credentials. */
import { quote } from "../log/quote.ts";
import type { Problems } from "./problems.ts";
import type { SectionReading } from "./read_section.ts";

const CREDENTIALS = [
  { key: "root_key_credential", field: "rootKeyCredential" },
  { key: "previous_root_key_credential", field: "previousRootKeyCredential" },
] as const;

export function checkSoftware(reading: SectionReading, problems: Problems): void {
  const { variant, values, places } = reading;
  if (variant !== "Software") return;
  for (const { key, field } of CREDENTIALS) {
    const name = values.get(field);
    if (typeof name !== "string" || isCredentialName(name)) continue;
    problems.add(places.get(key), `provider.${key}`, {
      found: quote(name),
      wanted: "a name as systemd takes them: ASCII, without / and :",
    });
  }
  const [kind, name] = [values.get("rootKey"), values.get("rootKeyCredential")];
  if (kind !== values.get("previousRootKey")) return;
  if (kind === "credential" && name !== values.get("previousRootKeyCredential")) return;
  problems.add(places.get("previous_root_key"), "provider.previous_root_key", {
    found: "the same place as root_key",
    wanted: "the place where the root key was before, or none",
  });
}

/** systemd.exec(5), "Credentials": a short ASCII text that can be the name of a file. */
function isCredentialName(name: string): boolean {
  return /^[!-~]{1,255}$/.test(name) && !/[/:]/.test(name) && name !== "." && name !== "..";
}
