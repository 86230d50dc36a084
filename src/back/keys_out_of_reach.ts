/**
 * Keys that no request reaches, since the configuration has changed: their provider has gone from it, has another
 * name or key info manager, or does not serve their application any more. They stay where they are, and are there
 * again when the configuration is what it was.
 */
import { AuthType } from "../auth_type.ts";
import type { ApplicationIdentity } from "../authenticators/authenticator.ts";
import type { KeyInfoManager, ProviderKeySpace } from "../key_info/key_info_manager.ts";
import type { Logger } from "../log.ts";
import type { ProviderIdentity } from "../provider.ts";
import type { Audience } from "./audience.ts";

/** A provider that is configured. */
export interface Reach extends Audience {
  readonly name: string;
  /** `undefined` where it could not be opened, and counts as the one it was. */
  readonly provider: { readonly identity: ProviderIdentity } | undefined;
  readonly manager: KeyInfoManager;
}

interface LeftKeys {
  readonly client: string;
  readonly provider: string;
  readonly count: number;
}

/** Applications of which there is a line in the log; clients may have invented any number of names. */
const MOST_LINES = 20;

/** @param providers All that are configured, whomever they serve. */
export function warnOfKeysOutOfReach(providers: readonly Reach[], log: Logger): void {
  const left = [...Map.groupBy(providers, ({ manager }) => manager)]
    .flatMap(([manager, users]) => [...leftKeys(manager, users)]);
  for (const { client, provider, count } of left.slice(0, MOST_LINES)) {
    log.warn(
      "Keys of an application are out of its reach: a provider of this name is not configured, or doesn't serve it " +
        "(applications)",
      { provider, keys: count },
      { client },
    );
  }
  if (left.length <= MOST_LINES) return;
  const rest = left.slice(MOST_LINES);
  const keys = rest.reduce((sum, { count }) => sum + count, 0);
  log.warn("Keys of more applications are out of their reach", { applications: rest.length, keys });
}

/** @param users The providers whose keys the manager knows. */
function* leftKeys(manager: KeyInfoManager, users: readonly Reach[]): Iterable<LeftKeys> {
  for (const authType of Object.values(AuthType)) {
    for (const client of manager.clients(authType)) {
      const application = { authType, name: client };
      const counts = new Map<string, number>();
      for (const { identity: { provider } } of manager.list(application)) {
        if (users.some((each) => reaches(each, provider, application))) continue;
        counts.set(provider.name, (counts.get(provider.name) ?? 0) + 1);
      }
      for (const [provider, count] of counts) yield { client, provider, count };
    }
  }
}

function reaches(
  { name, provider, serves }: Reach,
  owner: ProviderKeySpace,
  application: ApplicationIdentity,
): boolean {
  const uuid = provider?.identity.uuid ?? owner.uuid;
  return name === owner.name && uuid === owner.uuid && serves(application);
}
