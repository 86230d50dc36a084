/** The keys on the disk: one row each, and each change is durable when it returns. */
import type { SQLOutputValue } from "node:sqlite";
import { isAuthType } from "../auth_type.ts";
import type { Logger } from "../log.ts";
import { decodeKeyAttributes, encodeKeyAttributes } from "../operations/convert/key_attributes.ts";
import type { Database } from "../storage/database.ts";
import { type Entry, isKeyState, type KeyState } from "./key_entry.ts";
import type { KeyIdentity, KeyInfo } from "./key_info_manager.ts";

/**
 * Each column under a name that is written here, not in the file: damage to the schema's text must not pass for
 * rows that can't be read.
 */
const SELECT_ALL = `SELECT id AS id, auth_type AS auth_type, application_name AS application_name,
  provider_uuid AS provider_uuid, provider_name AS provider_name, key_name AS key_name,
  state AS state, key_id AS key_id, attributes AS attributes FROM keys ORDER BY id`;

type Row = Readonly<Record<string, SQLOutputValue>>;

export class KeyTable {
  readonly #database: Database;
  readonly #insert;
  readonly #update;
  readonly #setState;
  readonly #delete;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO keys (auth_type, application_name, provider_uuid, provider_name, key_name,
        state, key_id, attributes, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = database.prepare(
      "UPDATE keys SET state = ?, key_id = ?, attributes = ? WHERE id = ?",
    );
    this.#setState = database.prepare("UPDATE keys SET state = ? WHERE id = ?");
    this.#delete = database.prepare("DELETE FROM keys WHERE id = ?");
  }

  /** @returns The id of the row. */
  insert(identity: KeyIdentity, state: KeyState, info: KeyInfo, created: number): number {
    const { application, provider, keyName } = identity;
    const names = [application.name, provider.uuid, provider.name, keyName].map(encodeText);
    const attributes = encodeKeyAttributes(info.attributes);
    return Number(
      this.#insert.run(application.authType, ...names, state, info.keyId, attributes, created)
        .lastInsertRowid,
    );
  }

  update(rowId: number, state: KeyState, info: KeyInfo): void {
    expectOneRow(
      this.#update.run(state, info.keyId, encodeKeyAttributes(info.attributes), rowId),
    );
  }

  setState(rowId: number, state: KeyState): void {
    expectOneRow(this.#setState.run(state, rowId));
  }

  delete(rowId: number): void {
    expectOneRow(this.#delete.run(rowId));
  }

  /**
   * Every row, in order of creation. What can't be read costs only its own key: it is logged, and left
   * out where not even the names can be read.
   */
  *load(log: Logger): Iterable<Entry> {
    for (const row of this.#database.prepare(SELECT_ALL).iterate()) {
      const entry = readRow(row, { log, file: this.#database.path });
      if (entry) yield entry;
    }
  }
}

function expectOneRow({ changes }: { readonly changes: number | bigint }): void {
  if (Number(changes) !== 1) {
    throw new Error(`${changes} rows of the key info store changed, not 1`);
  }
}

function readRow(row: Row, where: { log: Logger; file: string }): Entry | undefined {
  const fields = { file: where.file, row: String(row.id) };
  let identity: KeyIdentity | undefined;
  try {
    identity = readIdentity(row);
    return readEntry(row, identity);
  } catch (error) {
    where.log.error("A stored key can't be read and stays unusable", fields, { error });
    return identity && { state: "unreadable", record: { identity } };
  }
}

function readIdentity(row: Row): KeyIdentity {
  const authType = Number(row.auth_type);
  if (!isAuthType(authType)) throw new Error(`Cannot read an auth type: ${authType}, 0 to 4`);
  return {
    application: { authType, name: decodeText(row.application_name) },
    provider: { uuid: decodeText(row.provider_uuid), name: decodeText(row.provider_name) },
    keyName: decodeText(row.key_name),
  };
}

function readEntry(row: Row, identity: KeyIdentity): Entry {
  const { state } = row;
  if (!isKeyState(state)) throw new Error(`Cannot read the state of a key: ${state}, a known one`);
  const attributes = decodeKeyAttributes(bytesOf(row.attributes));
  return {
    rowId: Number(row.id),
    state,
    record: { identity, keyId: bytesOf(row.key_id), attributes },
  };
}

const ENCODER = new TextEncoder();
/** Keeps a byte order mark: it is part of a name. */
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function encodeText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

function decodeText(value: SQLOutputValue | undefined): string {
  return DECODER.decode(bytesOf(value));
}

function bytesOf(value: SQLOutputValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`Cannot read a column: ${typeof value}, bytes`);
}
