/** What is wrong between the values of a software provider, and with names of credentials. */
import { quote } from "../log/quote.ts";
import type { Problems } from "./problems.ts";
import type { SectionReading } from "./read_section.ts";

const CREDENTIALS = [
  { key: "root_key_credential", field: "rootKeyCredential" },
  { key: "previous_root_key_credential", field: "previousRootKeyCredential" },
] as const;

const PLACES = [
  { key: "root_key", field: "rootKey" },
  { key: "previous_root_key", field: "previousRootKey" },
] as const;

const OF_TPM = [
  { key: "root_key_tcti", field: "rootKeyTcti" },
  { key: "root_key_owner_auth_file", field: "rootKeyOwnerAuth" },
  { key: "root_key_pcr_public_key", field: "rootKeyPcrPublicKey" },
  { key: "root_key_pcr_signatures", field: "rootKeyPcrSignatures" },
] as const;
const [, , PCR_PUBLIC_KEY, PCR_SIGNATURES] = OF_TPM;

export function checkSoftware(reading: SectionReading, problems: Problems): void {
  if (reading.variant !== "Software") return;
  checkCredentialNames(reading, problems);
  checkPlaces(reading, problems);
  if (isInTpm(reading)) checkApprovals(reading, problems);
  else refuseTpmKeys(reading, problems);
}

function checkCredentialNames({ values, places }: SectionReading, problems: Problems): void {
  for (const { key, field } of CREDENTIALS) {
    const name = values.get(field);
    if (typeof name !== "string" || isCredentialName(name)) continue;
    problems.add(places.get(key), `provider.${key}`, {
      found: quote(name),
      wanted: "a name as systemd takes them: ASCII, without / and :",
    });
  }
}

function checkPlaces({ values, places }: SectionReading, problems: Problems): void {
  const [kind, name] = [values.get("rootKey"), values.get("rootKeyCredential")];
  if (kind !== values.get("previousRootKey")) return;
  if (kind === "credential" && name !== values.get("previousRootKeyCredential")) return;
  problems.add(places.get("previous_root_key"), "provider.previous_root_key", {
    found: "the same place as root_key",
    wanted: "the place where the root key was before, or none",
  });
}

function isInTpm({ values }: SectionReading): boolean {
  return PLACES.some(({ field }) => values.get(field) === "tpm");
}

/** Which TPM seals a root key does not depend on the order of the TPM providers. */
export function checkRootKeyTpm(providers: readonly SectionReading[], problems: Problems): void {
  if (providers.filter(({ variant }) => variant === "Tpm").length < 2) return;
  for (const reading of providers) {
    const { variant, values, places, at } = reading;
    if (variant !== "Software" || !isInTpm(reading) || places.has("root_key_tcti")) continue;
    const key = values.get("rootKey") === "tpm" ? "root_key" : "previous_root_key";
    problems.add(places.get(key) ?? at, `provider.${key}`, {
      found: '"tpm", and several TPM providers',
      wanted: "root_key_tcti too, to say which of the TPMs it is",
    });
  }
}

/** Whoever takes care of a TPM must not end up with a root key in a file. */
function refuseTpmKeys({ values, places }: SectionReading, problems: Problems): void {
  if (PLACES.some(({ key, field }) => places.has(key) && !values.has(field))) return; // misspelt "tpm"
  for (const { key, field } of OF_TPM) {
    if (!values.has(field)) continue;
    problems.add(places.get(key), `provider.${key}`, {
      found: "it without a root key in a TPM",
      wanted: 'root_key = "tpm" or previous_root_key = "tpm" too, or nothing here',
    });
  }
}

/** The approvals are worth nothing without the key, nor the key without them. */
function checkApprovals({ values, places }: SectionReading, problems: Problems): void {
  for (
    const [{ key, field }, other] of [
      [PCR_PUBLIC_KEY, PCR_SIGNATURES],
      [PCR_SIGNATURES, PCR_PUBLIC_KEY],
    ] as const
  ) {
    if (!values.has(field) || values.has(other.field)) continue;
    problems.add(places.get(key), `provider.${key}`, {
      found: `it without ${other.key}`,
      wanted: "both, or neither",
    });
  }
}

/** systemd.exec(5), "Credentials": a short ASCII text that can be the name of a file. */
function isCredentialName(name: string): boolean {
  return /^[!-~]{1,255}$/.test(name) && !/[/:]/.test(name) && name !== "." && name !== "..";
}
