/**
 * Making, adopting, unmaking and exporting keys. What the TPM wraps is the key's id: nothing of a key stays in the
 * TPM, and to destroy one is to forget its id. Persistent objects that were adopted are the exception.
 */
import type { Key, KeyManagement } from "../../src/provider.ts";
import { StatusError } from "../../src/status.ts";
import type { AdoptedKey } from "./adopted_key_id.ts";
import { type Engine, laneOf } from "./engine.ts";
import { adoptKey } from "./key_adoption.ts";
import { generateKey } from "./key_creation.ts";
import { importKey } from "./key_import.ts";
import { objectName } from "./key_loader.ts";
import { deletePersistent } from "./persistent_object.ts";
import { exportPublicKey } from "./public_key.ts";

export function keyManagement(engine: Engine): KeyManagement {
  const { loader } = engine;
  return {
    // Only the TPM knows the id of a key, once it is made.
    reserveKeyId: () => new Uint8Array(),
    generateKey: (key) => generateKey(engine, key),
    importKey: (key, data) => importKey(engine, key, data),
    adoptKey: (key) => adoptKey(engine, key),
    destroyKey: (key) => destroyKey(engine, key),
    exportPublicKey: (key) => exportPublicKey(loader.publicArea(key), key.attributes.bits),
  };
}

async function destroyKey(engine: Engine, key: Key): Promise<void> {
  const { connection, access } = engine;
  const adopted = whatWasAdopted(engine, key);
  if (adopted?.what === "deleted_key") {
    await connection.run(laneOf(key), (tpm) => deletePersistent(tpm, adopted, access.log));
    return;
  }
  // Nothing to do where the TPM is away: what was loaded is gone then.
  await connection.runIfOpen(laneOf(key), (tpm) => tpm.unload(objectName(key.id)));
}

/** What can't be read must be forgotten all the same; but on its word nothing is deleted. */
function whatWasAdopted({ loader, access }: Engine, key: Key): AdoptedKey | undefined {
  try {
    return loader.adopted(key);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    access.log.warn("What is stored of an adopted key is damaged; nothing is deleted from the TPM");
    return undefined;
  }
}
