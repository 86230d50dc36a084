/**
 * Gets the root key that belongs to a key store, and proves that it does.
 *
 * The store holds a constant sealed under its root key: that tells a wrong root key from a damaged key. It
 * holds it twice, so that damage to one copy doesn't cost every key.
 */
import { Secret } from "../../ffi/runtime/secret.ts";
import type { Logger } from "../../src/log.ts";
import type { Database } from "../../src/storage/database.ts";
import { type Refusal, StorageError } from "../../src/storage/storage_error.ts";
import { type Aead256, AEAD_NONCE_LENGTH } from "./aead256.ts";
import { KEY_STORE_SCHEMA } from "./key_store_schema.ts";
import { ROOT_KEY_LENGTH, type RootKeySealer } from "./root_key.ts";

const COPIES = [1, 2] as const;
const NOTHING = new Uint8Array();
const CHECK_DATA = new TextEncoder().encode("parsec software keys, root key check, 1");

export interface RootKeyContext {
  readonly database: Database;
  readonly sealer: RootKeySealer;
  readonly aead: Aead256;
  readonly log: Logger;
}

/**
 * A new root key is only ever made for a store without keys. It is durable before the store knows it: a power
 * cut in between leaves a root key whose check is written at the next start.
 *
 * @throws {StorageError} If the root key is missing, or is not the one of the stored keys.
 */
export async function openRootKey(context: RootKeyContext): Promise<Secret> {
  const keys = countKeys(context.database);
  using stack = new DisposableStack();
  const root = stack.use(await context.sealer.load() ?? await makeRootKey(context, keys));
  const fitting = countFitting(context, root);
  if (fitting === 0 && keys > 0) throw refuse(context, wrong(context));
  if (fitting < COPIES.length) writeChecks(context, root);
  if (fitting === 1) {
    context.log.warn("Renewed a damaged check value of the root key", {
      file: context.database.path,
    });
  }
  stack.move();
  return root;
}

async function makeRootKey(context: RootKeyContext, keys: number): Promise<Secret> {
  if (keys > 0) throw refuse(context, missing(context, keys));
  using stack = new DisposableStack();
  const root = stack.use(new Secret(crypto.getRandomValues(new Uint8Array(ROOT_KEY_LENGTH))));
  await context.sealer.store(root);
  stack.move();
  return root;
}

function countKeys(database: Database): number {
  return Number(database.prepare("SELECT count(*) AS n FROM key_material").get()?.n);
}

/** How many copies of the check value the root key opens. */
function countFitting({ database, aead }: RootKeyContext, root: Secret): number {
  const rows = database.prepare("SELECT nonce AS nonce, sealed AS sealed FROM root_key_check")
    .all();
  return rows.filter(({ nonce, sealed }) =>
    nonce instanceof Uint8Array && sealed instanceof Uint8Array &&
    aead.open(root.expose(), nonce, CHECK_DATA, sealed) !== undefined
  ).length;
}

function writeChecks({ database, aead }: RootKeyContext, root: Secret): void {
  database.transaction(() => {
    const insert = database.prepare(
      "INSERT OR REPLACE INTO root_key_check (copy, nonce, sealed) VALUES (?, ?, ?)",
    );
    for (const copy of COPIES) {
      const nonce = crypto.getRandomValues(new Uint8Array(AEAD_NONCE_LENGTH));
      insert.run(copy, nonce, aead.seal(root.expose(), nonce, CHECK_DATA, NOTHING));
    }
  });
}

function refuse({ database }: RootKeyContext, refusal: Refusal): StorageError {
  return new StorageError(KEY_STORE_SCHEMA.store, database.path, refusal);
}

function missing({ database, sealer }: RootKeyContext, keys: number): Refusal {
  return {
    problem: "root_key",
    found: `the root key ${sealer.place} is missing, but ${database.path} holds ${keys} keys`,
    wanted: "the root key that they were stored under",
    nextStep: "restore both from the same backup; without it the keys are lost, and only moving " +
      `${database.path} away lets the service start without them`,
  };
}

function wrong({ database, sealer }: RootKeyContext): Refusal {
  return {
    problem: "root_key",
    found: `the root key ${sealer.place} doesn't open the keys in ${database.path}`,
    wanted: "the root key that they were stored under",
    nextStep: "restore both from the same backup",
  };
}
