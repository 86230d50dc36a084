/** What is wrong between the values of a PKCS#11 provider. */
import { parsePkcs11Uri, type Pkcs11Uri } from "../pkcs11_uri.ts";
import type { Problems } from "./problems.ts";
import type { SectionReading } from "./read_section.ts";

/** Values are never shown: a URI may hold a PIN. */
export function checkPkcs11(reading: SectionReading, problems: Problems): void {
  if (reading.variant !== "Pkcs11") return;
  const uri = checkUri(reading, problems);
  checkPins(reading, uri, problems);
  const { values, places } = reading;
  const at = places.get("token_uri");
  if (uri?.modulePath !== undefined && uri.modulePath !== values.get("libraryPath")) {
    problems.add(at, "provider.token_uri", {
      found: "a module-path that is not library_path",
      wanted: "the same file, or no module-path",
    });
  }
}

/** `undefined` where there is none, or a wrong one. */
function checkUri(
  { values, places }: SectionReading,
  problems: Problems,
): Pkcs11Uri | undefined {
  const text = values.get("tokenUri");
  if (typeof text !== "string") return undefined;
  try {
    return parsePkcs11Uri(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.add(places.get("token_uri"), "provider.token_uri", {
      found: `a value that is not shown (${error.message})`,
      wanted: "a PKCS#11 URI (RFC 7512)",
    });
    return undefined;
  }
}

/** There is one place for the PIN. */
function checkPins(
  { values, places }: SectionReading,
  uri: Pkcs11Uri | undefined,
  problems: Problems,
): void {
  const sources = [
    ...(values.has("userPin") ? ["user_pin"] : []),
    ...(values.has("userPinFile") ? ["user_pin_file"] : []),
    ...(uri?.pin !== undefined || uri?.pinFile !== undefined ? ["token_uri"] : []),
  ];
  const [, second] = sources;
  if (second === undefined) return;
  problems.add(places.get(second), `provider.${second}`, {
    found: `a PIN in ${sources.join(" and ")}`,
    wanted: "a PIN in one place",
  });
}
