/**
 * From one root key to another, without losing a key: all of them move in one transaction, with both root keys at
 * hand. The old root key is destroyed only once that is on the disk and the log of the store is empty. Whatever a
 * power cut interrupts, the next start goes on with.
 */
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { Logger } from "../../src/log.ts";
import type { Database } from "../../src/storage/database.ts";
import type { Aead256 } from "./aead256.ts";
import type { RootKeySealer } from "./root_key.ts";
import type { RootKeyChecks } from "./root_key_checks.ts";
import { rewrapRowKey } from "./sealed_row.ts";

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
 * stays too then.
 */
export function moveKeys(context: RootKeyContext, change: RootKeyChange): void {
  const { database, checks, sealer, previous, log } = context;
  const { moved, damaged } = database.transaction(() => {
    const counts = moveRows(context, change);
    checks.write(change.to);
    if (counts.damaged === 0) checks.writeReplaced(change.from);
    return counts;
  });
  const places = { from: previous?.place, to: sealer.place };
  log.info("Moved the software keys to another root key", { ...places, keys: moved });
  if (damaged === 0) return;
  log.warn("Damaged software keys could not be moved: the old root key is kept", {
    ...places,
    keys: damaged,
  });
}

function moveRows({ database, aead }: RootKeyContext, change: RootKeyChange) {
  const counts = { moved: 0, damaged: 0 };
  const update = database.prepare("UPDATE key_material SET row_key = ? WHERE key_id = ?");
  const rows = database.prepare("SELECT key_id AS id, row_key AS row_key FROM key_material").all();
  for (const { id, row_key: rowKey } of rows) {
    const isReadable = id instanceof Uint8Array && rowKey instanceof Uint8Array;
    const moved = isReadable ? rewrapRowKey(aead, change, id, rowKey) : undefined;
    counts[moved === undefined ? "damaged" : "moved"]++;
    if (isReadable && moved !== undefined) update.run(moved, id);
  }
  return counts;
}

/** Destroys the root key that was replaced. If that fails it costs no key, and the next start tries again. */
export async function removeReplaced(context: RootKeyContext): Promise<void> {
  const { checks, previous, log } = context;
  if (!checks.hasReplaced) {
    if (previous !== undefined) log.warn(NOT_NEEDED, { rootKey: previous.place });
    return;
  }
  if (previous === undefined) {
    log.warn("An old root key was not destroyed: previous_root_key has to name it once more");
    return;
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
  checks.forgetReplaced();
}
