/**
 * The key info manager over SQLite: reads from memory, every change on the disk first. All keys are in
 * memory from the start: about a kilobyte and 30 microseconds a key.
 */
import type { AuthType } from "../auth_type.ts";
import type { ApplicationIdentity } from "../authenticators/authenticator.ts";
import type { Logger } from "../log.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import type { Database } from "../storage/database.ts";
import { openDatabase } from "../storage/open_database.ts";
import { asStorageError } from "../storage/open_refusal.ts";
import { failedWrite } from "../storage/sqlite_error.ts";
import type { KeyEntry, KeyState } from "./key_entry.ts";
import { KeyIndex } from "./key_index.ts";
import type {
  KeyIdentity,
  KeyInfo,
  KeyInfoManager,
  KeyRecord,
  ProviderKeySpace,
  UnsettledKey,
} from "./key_info_manager.ts";
import { KeyTable } from "./key_table.ts";
import { KEY_INFO_SCHEMA } from "./schema.ts";

export interface KeyInfoManagerOptions {
  /** Absolute path of the database file; or ":memory:", for tests. */
  readonly path: string;
  readonly log: Logger;
  /** Milliseconds since 1970, UTC. */
  readonly now?: () => number;
}

/** @throws {StorageError} If the store can't be used. */
export function openKeyInfoManager(options: KeyInfoManagerOptions): KeyInfoManager {
  const { path, log, now = Date.now } = options;
  using stack = new DisposableStack();
  try {
    const database = stack.use(openDatabase({ path, schema: KEY_INFO_SCHEMA, log }));
    const manager = new SqliteKeyInfoManager(database, { log, now });
    stack.move();
    return manager;
  } catch (error) {
    throw asStorageError(KEY_INFO_SCHEMA.store, path, error);
  }
}

/** Owns the database: disposing of the manager closes it. */
export class SqliteKeyInfoManager implements KeyInfoManager {
  readonly #database: Database;
  readonly #table: KeyTable;
  readonly #now: () => number;
  readonly #index = new KeyIndex();

  constructor(database: Database, { log, now }: { log: Logger; now: () => number }) {
    this.#database = database;
    this.#table = new KeyTable(database);
    this.#now = now;
    for (const entry of this.#table.load(log)) this.#index.set(entry);
  }

  get(identity: KeyIdentity): KeyInfo | undefined {
    const entry = this.#index.get(identity);
    return entry?.state === "ready" ? entry.record : undefined;
  }

  list(application: ApplicationIdentity): readonly KeyRecord[] {
    const records: KeyRecord[] = [];
    for (const entry of this.#index.ofApplication(application)) {
      if (entry.state === "ready") records.push(entry.record);
    }
    return records;
  }

  count(application: ApplicationIdentity): number {
    return this.#index.count(application);
  }

  hasKeyId(provider: ProviderKeySpace, keyId: Uint8Array): boolean {
    const wanted = keyId.toHex();
    for (const entry of this.#index.all()) {
      if (entry.state === "unreadable" || !isOf(provider, entry.record.identity)) continue;
      if (entry.record.keyId.toHex() === wanted) return true;
    }
    return false;
  }

  clients(authType: AuthType): readonly string[] {
    return [...this.#index.applications(authType)]
      .filter((application) => this.list(application).length > 0)
      .map(({ name }) => name)
      .sort();
  }

  unsettled(provider: ProviderKeySpace): readonly UnsettledKey[] {
    const unsettled: UnsettledKey[] = [];
    for (const { state, record } of this.#index.all()) {
      if (state === "ready" || state === "unreadable") continue;
      if (!isOf(provider, record.identity)) continue;
      unsettled.push({ ...record, change: state === "creating" ? "create" : "destroy" });
    }
    return unsettled;
  }

  beginCreate(identity: KeyIdentity, provisional: KeyInfo): void {
    this.#insert(identity, "creating", provisional);
  }

  add(identity: KeyIdentity, info: KeyInfo): void {
    this.#insert(identity, "ready", info);
  }

  commitCreate(identity: KeyIdentity, final: KeyInfo): void {
    const { rowId, record } = this.#entryIn("creating", identity);
    durably(() => this.#table.update(rowId, "ready", final));
    this.#index.set({ rowId, state: "ready", record: recordOf(record.identity, final) });
  }

  abandonCreate(identity: KeyIdentity): void {
    this.#remove(this.#entryIn("creating", identity));
  }

  beginDestroy(identity: KeyIdentity): KeyInfo {
    const entry = this.#index.get(identity);
    if (entry?.state !== "ready") {
      throw new StatusError(
        ResponseStatus.PsaErrorDoesNotExist,
        "Cannot destroy a key: it doesn't exist, a usable key",
      );
    }
    this.#setState(entry, "destroying");
    return entry.record;
  }

  commitDestroy(identity: KeyIdentity): void {
    this.#remove(this.#entryIn("destroying", identity));
  }

  abandonDestroy(identity: KeyIdentity): void {
    this.#setState(this.#entryIn("destroying", identity), "ready");
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #insert(identity: KeyIdentity, state: KeyEntry["state"], info: KeyInfo): void {
    if (this.#index.get(identity)) {
      throw new StatusError(
        ResponseStatus.PsaErrorAlreadyExists,
        "Cannot create a key: its name is in use, a free name",
      );
    }
    const record = recordOf(identity, info);
    const rowId = durably(() => this.#table.insert(identity, state, info, this.#now()));
    this.#index.set({ rowId, state, record });
  }

  #setState(entry: KeyEntry, state: KeyState): void {
    durably(() => this.#table.setState(entry.rowId, state));
    this.#index.set({ ...entry, state });
  }

  #remove({ rowId, record }: KeyEntry): void {
    durably(() => this.#table.delete(rowId));
    this.#index.delete(record.identity);
  }

  /** A change is confirmed or withdrawn by whoever announced it; anything else is a bug. */
  #entryIn(state: KeyState, identity: KeyIdentity): KeyEntry {
    const entry = this.#index.get(identity);
    if (entry?.state === state) return entry;
    throw new TypeError(`Cannot settle a change: the key is ${entry?.state ?? "absent"}, ${state}`);
  }
}

function isOf({ uuid, name }: ProviderKeySpace, { provider }: KeyIdentity): boolean {
  return provider.uuid === uuid && provider.name === name;
}

/** A copy that holds nothing else the caller's objects carry. */
function recordOf(identity: KeyIdentity, { keyId, attributes }: KeyInfo): KeyRecord {
  const { application: { authType, name }, provider, keyName } = identity;
  return {
    identity: {
      application: { authType, name },
      provider: { uuid: provider.uuid, name: provider.name },
      keyName,
    },
    keyId: keyId.slice(),
    attributes,
  };
}

/** Runs a write; memory is only changed after it. */
function durably<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new StatusError(
      ResponseStatus.KeyInfoManagerError,
      `Cannot write to the key info store: ${failedWrite(error)}, a disk that can be written`,
      { cause: error },
    );
  }
}
