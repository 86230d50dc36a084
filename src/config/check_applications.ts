/** Which provider serves an application is plain: of those of a type it is one, or none. */
import { isUid } from "../authenticators/application_name.ts";
import { quote } from "../log/quote.ts";
import type { Problems } from "./problems.ts";
import type { Readings } from "./read_document.ts";
import type { SectionReading } from "./read_section.ts";

export function checkApplications({ provider, authenticator }: Readings, problems: Problems): void {
  for (const [variant, providers] of Map.groupBy(provider, (reading) => reading.variant)) {
    if (variant !== undefined) checkType(providers, problems);
  }
  const isByUid = authenticator.length > 0 &&
    authenticator.every(({ variant }) => variant === "UnixPeerCredentials");
  if (isByUid) { for (const reading of provider) warnOfNames(reading, problems); }
  tellOfDefault(provider, problems);
}

/** Clients ask for their default before they say who they are. */
function tellOfDefault(providers: readonly SectionReading[], problems: Problems): void {
  const [first] = providers;
  const at = first?.places.get("applications");
  const ofItsType = providers.filter(({ variant }) => variant === first?.variant);
  const serveAll = ofItsType.some(({ places }) => !places.has("applications"));
  if (at === undefined || serveAll || ofItsType.length === providers.length) return;
  const message =
    "The first provider, which clients use by default, is not for all applications: " +
    "others have to choose another one (parsec-tool: -p)";
  problems.note("warn", message, at, "provider.applications");
}

/** @param providers All of one type. */
function checkType(providers: readonly SectionReading[], problems: Problems): void {
  let servesOthers: SectionReading | undefined;
  const servedBy = new Map<string, SectionReading>();
  for (const reading of providers) {
    const at = reading.places.get("applications");
    if (at === undefined) {
      if (servesOthers !== undefined) refuseSecond(reading, servesOthers, problems);
      servesOthers ??= reading;
    }
    for (const name of applicationsOf(reading)) {
      const earlier = servedBy.get(name);
      servedBy.set(name, earlier ?? reading);
      if (earlier === undefined) continue;
      problems.add(at, "provider.applications", {
        found: `${quote(name)}, which the provider in line ${earlier.at.line} serves`,
        wanted: "each application in one provider of a type",
      });
    }
  }
}

function refuseSecond(
  { variant, at, places }: SectionReading,
  earlier: SectionReading,
  problems: Problems,
): void {
  problems.add(places.get("provider_type") ?? at, "provider.applications", {
    found: `nothing, as in the other ${quote(String(variant))} provider in line ${earlier.at.line}`,
    wanted: "the names of the applications that one of the two serves, since requests choose a " +
      "provider by its type",
  });
}

function warnOfNames(reading: SectionReading, problems: Problems): void {
  const at = reading.places.get("applications");
  if (at === undefined || applicationsOf(reading).every(isUid)) return;
  const message = "An application here is no uid in decimal digits: no client will ever be it";
  problems.note("warn", message, at, "provider.applications");
}

function applicationsOf({ values }: SectionReading): readonly string[] {
  const names = values.get("applications");
  return Array.isArray(names) ? names : [];
}
