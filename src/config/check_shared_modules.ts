/** What is wrong between PKCS#11 providers: a module is initialised once for all, and they share the threads. */
import { parsePkcs11Uri, type TokenUri } from "../pkcs11_uri.ts";
import type { Problems } from "./problems.ts";
import type { SectionReading } from "./read_section.ts";
import { MAX_SESSIONS } from "./session_limit.ts";

/** Values of a token's URI are never shown: it may hold a PIN. */
export function checkSharedModules(
  providers: readonly SectionReading[],
  problems: Problems,
): void {
  const pkcs11 = providers.filter(({ variant }) => variant === "Pkcs11");
  for (const [path, users] of Map.groupBy(pkcs11, ({ values }) => values.get("libraryPath"))) {
    if (path === undefined) continue;
    users.forEach((user, i) => {
      for (const earlier of users.slice(0, i)) compare(user, earlier, problems);
    });
  }
}

function compare(user: SectionReading, earlier: SectionReading, problems: Problems): void {
  const where = `the provider in line ${earlier.at.line}, which uses this module too`;
  if (user.values.get("libraryParameters") !== earlier.values.get("libraryParameters")) {
    problems.add(user.places.get("library_parameters") ?? user.at, "provider.library_parameters", {
      found: `something else than in ${where}`,
      wanted: "the same: a module is initialised once for all",
    });
  }
  const token = tokenOf(user);
  if (token === undefined || token !== tokenOf(earlier)) return;
  problems.add(user.places.get("library_path") ?? user.at, "provider.library_path", {
    found: `the token of ${where}`,
    wanted: "a token of its own, by serial_number, slot_number or token_uri",
  });
}

/** Tokens that don't answer must not keep all threads of the process. */
export function checkSessions(providers: readonly SectionReading[], problems: Problems): void {
  let sum = 0;
  for (const { values, places } of providers) {
    const size = values.get("sessionPoolSize");
    if (typeof size !== "number") continue;
    sum += size;
    if (sum <= MAX_SESSIONS) continue;
    problems.add(places.get("session_pool_size"), "provider.session_pool_size", {
      found: `${size}, ${sum} together with those before`,
      wanted: `at most ${MAX_SESSIONS} for all tokens together`,
    });
    return;
  }
}

/** The same text for the same choice of a token; `undefined` if it has problems of its own. */
function tokenOf({ values, places }: SectionReading): string | undefined {
  const [serial, slot] = [values.get("serialNumber"), values.get("slotNumber")];
  const uri = values.get("tokenUri");
  const match = typeof uri === "string" ? matchOf(uri) : {};
  if (match === undefined || (uri === undefined && places.has("token_uri"))) return undefined;
  const parts = Object.entries(match).map(([name, value]) => `${name}=${value}`).sort();
  const place = serial === undefined ? { slot } : { serial: String(serial).trim() };
  return JSON.stringify({ ...place, parts });
}

function matchOf(uri: string): TokenUri | undefined {
  try {
    return parsePkcs11Uri(uri).match;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // checkPkcs11 says so
    throw error;
  }
}
