/** What is wrong between values that are each in order, and what of them is worth a warning. */
import { isUid } from "../authenticators/application_name.ts";
import { quote } from "../log/quote.ts";
import type { Readings } from "./read_document.ts";
import { checkApplications } from "./check_applications.ts";
import { checkPkcs11 } from "./check_pkcs11.ts";
import { checkSessions, checkSharedModules } from "./check_shared_modules.ts";
import { checkRootKeyTpm, checkSoftware } from "./check_software.ts";
import { checkTpm } from "./check_tpm.ts";
import { nearest } from "./nearest.ts";
import type { Problems } from "./problems.ts";
import type { ConfigValue } from "./read_value.ts";
import { orList } from "./read_value.ts";
import type { SectionReading } from "./read_section.ts";
import type { Position } from "./toml_document.ts";

export function checkCombinations(readings: Readings, problems: Problems): void {
  for (const listener of readings.listener) checkConnectionLimits(listener, problems);
  for (const authenticator of readings.authenticator) warnOfAuthenticator(authenticator, problems);
  refuseTwins(readings.authenticator, "auth_type", problems);
  refuseTwins(readings.key_manager, "name", problems);
  refuseTwins(readings.provider, "name", problems);
  for (const provider of readings.provider) {
    checkPkcs11(provider, problems);
    checkSoftware(provider, problems);
    checkTpm(provider, problems);
  }
  checkApplications(readings, problems);
  checkSharedModules(readings.provider, problems);
  checkSessions(readings.provider, problems);
  checkRootKeyTpm(readings.provider, problems);
  checkReferences(readings, problems);
  checkPaths(readings, problems);
}

/** A limit per uid that is given is at most the limit in all; the default gives way. */
function checkConnectionLimits(listener: SectionReading, problems: Problems): void {
  const all = listener.values.get("maxConnections");
  const perUid = listener.values.get("maxConnectionsPerUid");
  const at = listener.places.get("max_connections_per_uid");
  if (typeof all !== "number" || typeof perUid !== "number" || at === undefined || perUid <= all) {
    return;
  }
  problems.add(at, "listener.max_connections_per_uid", {
    found: String(perUid),
    wanted: `at most max_connections, which is ${all}`,
  });
}

function warnOfAuthenticator(reading: SectionReading, problems: Problems): void {
  const { variant, values, places } = reading;
  const at = places.get("auth_type");
  if (variant === "Direct" && at !== undefined) {
    const message =
      "The Direct authenticator believes any name a client gives: use it only where " +
      "every client that can connect is trusted";
    problems.note("warn", message, at, "authenticator.auth_type");
  }
  const admins = values.get("admins");
  const adminsAt = places.get("admins");
  if (variant !== "UnixPeerCredentials" || !Array.isArray(admins) || adminsAt === undefined) return;
  if (admins.every(isUid)) return;
  const message = "An administrator here is no uid in decimal digits: no client will ever be it";
  problems.note("warn", message, adminsAt, "authenticator.admins");
}

/** No two sections of a kind may have the same value of a key. */
function refuseTwins(
  readings: readonly SectionReading[],
  key: keyof typeof TWINS,
  problems: Problems,
): void {
  const first = new Map<ConfigValue, Position>();
  for (const reading of readings) {
    const value = key === "name" ? reading.values.get("name") : reading.variant;
    if (value === undefined) continue;
    const at = reading.places.get(key) ?? reading.at;
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, at);
      continue;
    }
    problems.add(at, `${reading.section}.${key}`, {
      found: `${quote(String(value))} a second time, after line ${earlier.line}`,
      wanted: TWINS[key],
    });
  }
}

const TWINS = {
  auth_type: "one authenticator of a type",
  name: "a name of its own",
} as const;

/** Providers name key managers that are there. */
function checkReferences({ key_manager, provider }: Readings, problems: Problems): void {
  const names = key_manager.map(({ values }) => values.get("name")).filter((name) =>
    typeof name === "string"
  );
  // With a manager whose name is wrong, or none, that is the problem, and told already.
  if (names.length === 0 || names.length < key_manager.length) return;
  for (const { values, places, at } of provider) {
    const wanted = values.get("keyInfoManager");
    if (typeof wanted !== "string" || names.includes(wanted)) continue;
    const meant = nearest(wanted, names);
    problems.add(places.get("key_info_manager") ?? at, "provider.key_info_manager", {
      found: quote(wanted),
      wanted: `the name of a [[key_manager]]: ${orList(names.map(quote))}`,
      hint: meant === undefined ? undefined : `Did you mean ${quote(meant)}?`,
    });
  }
}

interface PathUse {
  readonly key: string;
  readonly path: string;
  readonly at: Position;
  readonly isFolder: boolean;
}

const PATHS = [
  { section: "listener", key: "socket_path", field: "socketPath", isFolder: false },
  { section: "key_manager", key: "sqlite_db_path", field: "path", isFolder: false },
  { section: "provider", key: "store_path", field: "storePath", isFolder: true },
] as const;

/** No two things live on one path, and nothing below a file. */
function checkPaths(readings: Readings, problems: Problems): void {
  const earlier: PathUse[] = [];
  for (const use of pathUses(readings)) {
    const rival = earlier.find((other) => clash(use, other));
    if (rival !== undefined) {
      problems.add(use.at, use.key, {
        found: `${quote(use.path)}, where ${rival.key} in line ${rival.at.line} is ${
          quote(rival.path)
        }`,
        wanted: "a path of its own",
      });
    }
    earlier.push(use);
  }
}

function* pathUses(readings: Readings): Iterable<PathUse> {
  for (const { section, key, field, isFolder } of PATHS) {
    for (const { values, places, at } of readings[section]) {
      const path = values.get(field);
      if (typeof path !== "string") continue;
      yield { key: `${section}.${key}`, path, at: places.get(key) ?? at, isFolder };
    }
  }
}

function clash(a: PathUse, b: PathUse): boolean {
  return a.path === b.path || (!a.isFolder && b.path.startsWith(`${a.path}/`)) ||
    (!b.isFolder && a.path.startsWith(`${b.path}/`));
}
