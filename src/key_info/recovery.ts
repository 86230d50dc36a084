/**
 * Settles at start what a crash interrupted: a creation that wasn't confirmed is undone, a destruction is
 * finished. Each step can be repeated, so a crash in here is settled by the next start.
 */
import type { Logger } from "../log.ts";
import type { CryptoProvider } from "../provider.ts";
import type { KeyInfoManager, UnsettledKey } from "./key_info_manager.ts";

export interface SettleResult {
  /** Creations undone. */
  readonly undone: number;
  /** Destructions finished. */
  readonly finished: number;
  /** Keys that the provider could not destroy now; they stay unusable until the next start. */
  readonly failed: number;
}

/** Settles the keys of one provider; before it serves requests. */
export async function settle(
  manager: KeyInfoManager,
  provider: Pick<CryptoProvider, "identity" | "keys">,
  log: Logger,
): Promise<SettleResult> {
  const result = { undone: 0, finished: 0, failed: 0 };
  for (const key of manager.unsettled(provider.identity)) {
    result[await settleKey(manager, provider, { key, log })]++;
  }
  if (result.undone + result.finished + result.failed > 0) {
    log.warn("Settled what an interruption left", { provider: provider.identity.name, ...result });
  }
  return result;
}

/** The provider forgets the key before the manager does: in between, the key is still known as unsettled. */
async function settleKey(
  manager: KeyInfoManager,
  { identity, keys }: Pick<CryptoProvider, "identity" | "keys">,
  { key, log }: { readonly key: UnsettledKey; readonly log: Logger },
): Promise<keyof SettleResult> {
  try {
    await keys.destroyKey({
      id: key.keyId,
      attributes: key.attributes,
      identity: key.identity,
    });
    if (key.change === "create") {
      manager.abandonCreate(key.identity);
      return "undone";
    }
    manager.commitDestroy(key.identity);
    return "finished";
  } catch (error) {
    log.error(
      "An interrupted key could not be settled; it is tried again at the next start",
      { provider: identity.name, change: key.change },
      { error },
    );
    return "failed";
  }
}
