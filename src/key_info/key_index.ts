/** The keys in memory, by application and then by provider and name, each in order of creation. */
import type { AuthType } from "../auth_type.ts";
import type { ApplicationIdentity } from "../authenticators/authenticator.ts";
import type { Entry } from "./key_entry.ts";
import type { KeyIdentity } from "./key_info_manager.ts";

interface ApplicationKeys {
  readonly application: ApplicationIdentity;
  readonly entries: Map<string, Entry>;
}

const NO_ENTRIES: ReadonlyMap<string, Entry> = new Map();

export class KeyIndex {
  readonly #applications = new Map<string, ApplicationKeys>();

  get(identity: KeyIdentity): Entry | undefined {
    return this.#applications.get(applicationKey(identity.application))
      ?.entries.get(keyInApplication(identity));
  }

  /** A new entry is the latest; one that replaces another keeps its place. */
  set(entry: Entry): void {
    const { identity } = entry.record;
    const { application } = identity;
    const outer = applicationKey(application);
    let keys = this.#applications.get(outer);
    if (!keys) this.#applications.set(outer, keys = { application, entries: new Map() });
    keys.entries.set(keyInApplication(identity), entry);
  }

  delete(identity: KeyIdentity): void {
    const outer = applicationKey(identity.application);
    const keys = this.#applications.get(outer);
    keys?.entries.delete(keyInApplication(identity));
    if (keys?.entries.size === 0) this.#applications.delete(outer);
  }

  ofApplication(application: ApplicationIdentity): Iterable<Entry> {
    const keys = this.#applications.get(applicationKey(application));
    return (keys?.entries ?? NO_ENTRIES).values();
  }

  count(application: ApplicationIdentity): number {
    return this.#applications.get(applicationKey(application))?.entries.size ?? 0;
  }

  *applications(authType: AuthType): Iterable<ApplicationIdentity> {
    for (const { application } of this.#applications.values()) {
      if (application.authType === authType) yield application;
    }
  }

  *all(): Iterable<Entry> {
    for (const { entries } of this.#applications.values()) yield* entries.values();
  }
}

/** No two applications share it: a number, which has no colon, comes first. */
function applicationKey({ authType, name }: ApplicationIdentity): string {
  return `${authType}:${name}`;
}

/** No two keys of an application share it: each part but the last comes with its length. */
function keyInApplication({ provider: { uuid, name }, keyName }: KeyIdentity): string {
  return `${uuid.length}:${uuid}${name.length}:${name}${keyName}`;
}
