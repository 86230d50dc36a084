/** What an application can be called under its authenticator: whoever is called something else is nobody. */
import { AuthType } from "../auth_type.ts";
import type { ApplicationIdentity } from "./authenticator.ts";

/** Bytes; the length of a request's authentication field is a u16. */
const LONGEST_FIELD = 0xffff;

interface NameRule {
  allows(name: string): boolean;
  readonly wanted: string;
}

const RULES: ReadonlyMap<AuthType, NameRule> = new Map([
  [AuthType.Direct, {
    allows: (name) => name !== "" && new TextEncoder().encode(name).length <= LONGEST_FIELD,
    wanted: `1 to ${LONGEST_FIELD} bytes`,
  }],
  [AuthType.UnixPeerCredentials, { allows: isUid, wanted: "a uid in decimal digits" }],
]);

/** As the UnixPeerCredentials authenticator names an application. */
export function isUid(name: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(name) && Number(name) <= 0xffff_ffff;
}

/** @returns What is wanted of the name; `undefined` if it can be one. */
export function wantedName({ authType, name }: ApplicationIdentity): string | undefined {
  const rule = RULES.get(authType);
  return rule === undefined || rule.allows(name) ? undefined : rule.wanted;
}
