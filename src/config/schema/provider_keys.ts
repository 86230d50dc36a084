/** Keys that every type of provider has. */

export const KEY_INFO_MANAGER = {
  type: { kind: "text", what: "the name of a [[key_manager]]" },
  field: "keyInfoManager",
  required: true,
  example: "sqlite-manager",
  help: "The name of the [[key_manager]] that knows this provider's keys.",
  since: "upstream",
  change: "restart",
} as const;

export const APPLICATIONS = {
  type: { kind: "texts", what: "names of applications" },
  field: "applications",
  example: ["1000", "1001"],
  help:
    "The applications that this provider serves, and no others. Left out, it serves all that no " +
    "other provider of its type names. A request chooses its provider by the type, so an application " +
    "reaches one of each type: keys that it has in another one stay there, out of its reach. A name " +
    "is what the authenticator says (UnixPeerCredentials: the uid in decimal digits), whichever " +
    "authenticator says it.",
  since: "0.1.0",
  change: "live",
} as const;

/** The `name` of a provider; upstream's default, so that keys stay where they are. */
export function providerName<const D extends string>(name: D) {
  return {
    type: { kind: "text", what: "a name" },
    field: "name",
    default: name,
    help: "Part of the identity of every key made here: keys are not found under another name.",
    since: "upstream",
    change: "restart",
  } as const;
}

/** What to do about a type of provider that this version knows but does not serve. */
export function waitFor(type: string): string {
  return `Take this [[provider]] out, or wait for a version that serves ${type}; a provider in software is ` +
    "never put in its place";
}
