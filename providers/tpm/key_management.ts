/**
 * Making, unmaking and exporting keys. What the TPM wraps is the key's id: nothing of a key stays in the TPM, and
 * to destroy one is to forget its id.
 */
import type { KeyManagement } from "../../src/provider.ts";
import { type Engine, laneOf } from "./engine.ts";
import { generateKey } from "./key_creation.ts";
import { importKey } from "./key_import.ts";
import { objectName } from "./key_loader.ts";
import { exportPublicKey } from "./public_key.ts";

export function keyManagement(engine: Engine): KeyManagement {
  const { connection, loader } = engine;
  return {
    // Only the TPM knows the id of a key, once it is made.
    reserveKeyId: () => new Uint8Array(),
    generateKey: (key) => generateKey(engine, key),
    importKey: (key, data) => importKey(engine, key, data),
    // Nothing to do where the TPM is away: what was loaded is gone then.
    destroyKey: (key) => connection.runIfOpen(laneOf(key), (tpm) => tpm.unload(objectName(key.id))),
    exportPublicKey: (key) => exportPublicKey(loader.publicArea(key), key.attributes.bits),
  };
}
