/**
 * Which applications each provider serves. A request names a provider by its type alone, so of several of one type
 * an application reaches the one that names it, or else the one that names nobody.
 *
 * A name counts whichever authenticator gives it. That lets nobody reach a key of somebody else: whose a key is
 * depends on the authenticator too (`src/key_info`).
 */
import type { ApplicationIdentity } from "../authenticators/authenticator.ts";

export interface Audience {
  /** @param application `undefined`: somebody of whom nothing is known. */
  serves(application: Pick<ApplicationIdentity, "name"> | undefined): boolean;
}

export interface AudienceConfig {
  readonly name: string;
  readonly type: string;
  /** Of several of a type at most one has none, and no two share one (`src/config/check_applications.ts`). */
  readonly applications?: readonly string[] | undefined;
}

/**
 * @param providers All that are configured, whether they could be opened or not: the applications of one that is
 * away don't go to another.
 * @returns By the names of the providers.
 */
export function audiences(providers: readonly AudienceConfig[]): ReadonlyMap<string, Audience> {
  return new Map(providers.map((provider) => {
    const { name, type, applications } = provider;
    if (applications !== undefined) return [name, only(applications)];
    const others = providers.filter((other) => other !== provider && other.type === type);
    return [name, allBut(others.flatMap((other) => other.applications ?? []))];
  }));
}

function only(names: readonly string[]): Audience {
  const named = new Set(names);
  return { serves: (application) => application !== undefined && named.has(application.name) };
}

function allBut(names: readonly string[]): Audience {
  const named = new Set(names);
  return { serves: (application) => application === undefined || !named.has(application.name) };
}
