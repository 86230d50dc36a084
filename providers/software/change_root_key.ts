/**
 * From one root key to another, without losing a key: all of them move in one transaction, with both root keys at
 * hand. The old root key is destroyed only once that is on the disk and the log of the store is empty. Whatever a
 * power cut interrupts, the next start goes on with.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { LogFields, Logger } from "../../src/log.ts";
import type { Database } from "../../src/storage/database.ts";
import type { Aead256 } from "./aead256.ts";
import type { RootKeySealer } from "./root_key.ts";
import type { RootKeyChecks } from "./root_key_checks.ts";
import { openRowKey, rewrapRowKey } from "./sealed_row.ts";

export interface RootKeyContext {
  readonly database: Database;
  readonly checks: RootKeyChecks;
  readonly sealer: RootKeySealer;
  /** Where the root key was before, if the keys are to move. */
  readonly previous: RootKeySealer | undefined;
  readonly aead: Aead256;
  readonly log: Logger;
}

export interface RootKeyChange {
  readonly from: Secret;
  readonly to: Secret;
}

/**
 * A damaged key stays as it is. It might still come back from a backup that was made under the old root key, which
 * stays too then, until all that is left behind is gone.
 */
export function moveKeys(context: RootKeyContext, change: RootKeyChange): void {
  const { database, checks, sealer, previous, log } = context;
  const { moved, damaged } = database.transaction(() => {
    const counts = moveRows(context, change);
    checks.write(change.to);
    checks.writeOld(change.from, counts.damaged === 0 ? "replaced" : "kept");
    return counts;
  });
  log.info("Moved the software keys to another root key", {
    from: previous?.place,
    to: sealer.place,
    keys: moved,
    leftBehind: damaged,
  });
}

function moveRows({ database, aead }: RootKeyContext, change: RootKeyChange) {
  const counts = { moved: 0, damaged: 0 };
  const update = database.prepare("UPDATE key_material SET row_key = ? WHERE key_id = ?");
  for (const { id, rowKey } of sealedRowKeys(database)) {
    const isReadable = id instanceof Uint8Array && rowKey instanceof Uint8Array;
    const moved = isReadable ? rewrapRowKey(aead, change, id, rowKey) : undefined;
    counts[moved === undefined ? "damaged" : "moved"]++;
    if (isReadable && moved !== undefined) update.run(moved, id);
  }
  return counts;
}

function sealedRowKeys(database: Database) {
  return database.prepare("SELECT key_id AS id, row_key AS rowKey FROM key_material").all();
}

/**
 * Destroys the root key that was replaced, unless keys were left behind under it. If that fails it costs no key,
 * and the next start tries again.
 */
export async function removeReplaced(context: RootKeyContext, root: Secret): Promise<void> {
  const { checks, previous, log } = context;
  if (previous === undefined) {
    if (checks.has("replaced") || checks.has("kept")) log.warn(NAME_IT_AGAIN);
    return;
  }
  if (!checks.has("replaced")) {
    const ids = leftBehind(context, root);
    if (ids.length > 0) return log.warn(LEFT_BEHIND, keptFields(previous, ids));
    if (!checks.has("kept")) return log.warn(NOT_NEEDED, { rootKey: previous.place });
    checks.replaceKept();
  }
  try {
    await destroyReplaced(context, previous);
  } catch (error) {
    log.error(
      "The old root key could not be destroyed; the next start tries again",
      { rootKey: previous.place },
      { error },
    );
  }
}

const NOT_NEEDED =
  "All software keys are under the root key: take previous_root_key out of the configuration";
const NAME_IT_AGAIN =
  "An old root key was not destroyed: previous_root_key has to name it once more";
const LEFT_BEHIND =
  "Damaged software keys are not under the root key: restore store and old root key from a backup, or have the " +
  "keys destroyed by their applications; keep previous_root_key until the log says to take it out";

/** The ids of the keys whose rows the root key does not open, in hex. */
function leftBehind({ database, aead }: RootKeyContext, root: Secret): readonly string[] {
  return sealedRowKeys(database).flatMap(({ id, rowKey }) => {
    if (!(id instanceof Uint8Array)) return ["(damaged)"];
    if (!(rowKey instanceof Uint8Array)) return [id.toHex()];
    using opened = openRowKey(aead, root, id, rowKey) ?? null;
    return opened === null ? [id.toHex()] : [];
  });
}

function keptFields({ place }: RootKeySealer, ids: readonly string[]): LogFields {
  const shown = ids.slice(0, MOST_IDS).join(", ");
  return {
    rootKey: place,
    keys: ids.length,
    ids: ids.length > MOST_IDS ? `${shown}, ...` : shown,
  };
}

/** In a line of the log. */
const MOST_IDS = 8;

async function destroyReplaced(
  { database, checks, log }: RootKeyContext,
  previous: RootKeySealer,
): Promise<void> {
  // The log still has row keys under the old root key.
  database.emptyLog();
  using old = await previous.load() ?? null;
  if (old !== null && !checks.isReplaced(old)) {
    log.warn("The root key at previous_root_key is not the one that was replaced: it is kept", {
      rootKey: previous.place,
    });
  } else {
    await previous.destroy?.();
    log.info(NOT_NEEDED, { rootKey: previous.place });
  }
  checks.forget("replaced");
}
