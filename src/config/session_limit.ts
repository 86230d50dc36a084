/** How many sessions PKCS#11 tokens may have: each takes a thread while it is at work, and all share the threads. */
import type { ProviderConfig } from "./service_config.ts";

/** In all; the runtime has 32 threads, and the rest of the service needs some. */
export const MAX_SESSIONS = 24;

/** What is left for each token of which the configuration doesn't say; at least 1. */
export function sessionLimit(providers: readonly ProviderConfig[]): number {
  const sizes = providers.flatMap((each) => each.type === "Pkcs11" ? [each.sessionPoolSize] : []);
  const said = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const others = sizes.filter((size) => size === undefined).length;
  return Math.max(1, Math.floor((MAX_SESSIONS - said) / Math.max(1, others)));
}
