/** Gets the root key that belongs to a key store, and proves that it does. */
import type { Secret } from "../../ffi/runtime/secret.ts";
import type { Database } from "../../src/storage/database.ts";
import { type Refusal, StorageError } from "../../src/storage/storage_error.ts";
import { moveKeys, removeReplaced, type RootKeyContext } from "./change_root_key.ts";
import { KEY_STORE_SCHEMA } from "./key_store_schema.ts";
import { CHECK_COPIES } from "./root_key_checks.ts";

/**
 * A new root key is only ever made for a store without keys, or for keys that can be moved to it. It is durable
 * before the store knows it: a power cut in between leaves a root key that the next start goes on with.
 *
 * @throws {StorageError} If the root key is missing, or is not the one of the stored keys; or what a sealer throws.
 */
export async function openRootKey(context: RootKeyContext): Promise<Secret> {
  const { sealer, checks, log } = context;
  using stack = new DisposableStack();
  const loaded = stack.use(await sealer.load());
  const fitting = loaded === undefined ? 0 : checks.countFitting(loaded);
  const root = loaded !== undefined && fitting > 0
    ? loaded
    : stack.use(await adoptRootKey(context, loaded));
  if (fitting > 0 && fitting < CHECK_COPIES.length) renewChecks(context, root);
  const { level, message } = sealer.protection;
  log[level](message, { rootKey: sealer.place });
  await removeReplaced(context, root);
  stack.move();
  return root;
}

/** Makes the store one of this root key, or of a new one. */
async function adoptRootKey(context: RootKeyContext, loaded: Secret | undefined): Promise<Secret> {
  const { database, checks } = context;
  using stack = new DisposableStack();
  const previous = stack.use(await fittingPrevious(context));
  const keys = countKeys(database);
  if (previous === undefined && keys > 0) {
    throw refuse(context, loaded === undefined ? missing(context, keys) : wrong(context));
  }
  const root = loaded ?? await makeRootKey(context);
  if (previous === undefined) database.transaction(() => checks.write(root));
  else moveKeys(context, { from: previous, to: root });
  return root;
}

/** The previous root key, if there is one and it is that of the stored keys. */
async function fittingPrevious({ previous, checks }: RootKeyContext): Promise<Secret | undefined> {
  const loaded = await previous?.load();
  if (loaded === undefined || checks.countFitting(loaded) > 0) return loaded;
  loaded[Symbol.dispose]();
  return undefined;
}

async function makeRootKey({ sealer, aead }: RootKeyContext): Promise<Secret> {
  using stack = new DisposableStack();
  const root = stack.use(aead.makeKey());
  if (sealer.store === undefined) throw new TypeError(`No root key at ${sealer.place}`);
  await sealer.store(root);
  stack.move();
  return root;
}

function renewChecks({ database, checks, log }: RootKeyContext, root: Secret): void {
  database.transaction(() => checks.write(root));
  log.warn("Renewed a damaged check value of the root key", { file: database.path });
}

function countKeys(database: Database): number {
  return Number(database.prepare("SELECT count(*) AS n FROM key_material").get()?.n);
}

function refuse({ database }: RootKeyContext, refusal: Refusal): StorageError {
  return new StorageError(KEY_STORE_SCHEMA.store, database.path, refusal);
}

function missing({ database, sealer }: RootKeyContext, keys: number): Refusal {
  return {
    problem: "root_key",
    found: `the root key ${sealer.place} is missing, but ${database.path} holds ${keys} keys`,
    wanted: "the root key that they were stored under",
    nextStep:
      `if it is elsewhere, ${NAME_IT}; else restore both from the same backup; without it ` +
      `the keys are lost, and only moving ${database.path} away lets the service start without them`,
  };
}

function wrong({ database, sealer }: RootKeyContext): Refusal {
  return {
    problem: "root_key",
    found: `the root key ${sealer.place} doesn't open the keys in ${database.path}`,
    wanted: "the root key that they were stored under",
    nextStep: `if it is elsewhere, ${NAME_IT}; else restore both from the same backup`,
  };
}

const NAME_IT = "name it in previous_root_key, to move the keys";
