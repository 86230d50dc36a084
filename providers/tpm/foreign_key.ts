/** Keys that others made in the TPM, or had it wrap: found where they are, before anything is known of them. */
import {
  type EsysObject,
  importDuplicate,
  nameOf,
  type WrappedObject,
} from "../../ffi/tss2/mod.ts";
import type { KeySource } from "../../src/operations/convert/key_source.ts";
import type { KeyToAdopt } from "../../src/provider.ts";
import type { AdoptedKey } from "./adopted_key_id.ts";
import { adoptionRefusal } from "./adoption_refusal.ts";
import { type Engine, laneOf } from "./engine.ts";
import { type KeyFile, OWNER_ROOT, readKeyFile } from "./key_file.ts";
import { rootKey } from "./open_tpm.ts";
import {
  handleName,
  isOwnersHandle,
  isPersistentHandle,
  objectAt,
  provenObjectAt,
} from "./persistent_object.ts";
import { invalidArgument, notPermitted } from "./refusals.ts";
import type { Tpm } from "./tpm.ts";

/** One that needs what is at a persistent handle, or one that is wrapped under a root key of ours. */
export type ForeignKey = AdoptedKey | WrappedObject & { readonly what: "child of the owner's" };

type Source<K extends KeySource["kind"]> = Extract<KeySource, { readonly kind: K }>;

/** @throws {StatusError} PsaErrorDoesNotExist if there is nothing at the handle. */
export async function persistentKey(
  { connection }: Engine,
  key: KeyToAdopt,
  { handle }: Source<"tpm_handle">,
): Promise<ForeignKey> {
  if (!isPersistentHandle(handle)) {
    const found = handleName(handle);
    throw invalidArgument(
      `Cannot adopt the key: ${found} is no persistent handle, 0x81000000 to 0x81ffffff`,
    );
  }
  if (key.deleteWithKey && !isOwnersHandle(handle)) {
    throw notPermitted(
      `Cannot adopt the key: ${handleName(handle)} is the platform's, the owner may not delete it`,
    );
  }
  const what = key.deleteWithKey ? "deleted_key" : "key";
  return await connection.run(laneOf(key), async (tpm) => {
    const { name, publicArea } = await provenObjectAt(tpm, handle);
    return { what, handle, name, publicArea, wrapped: new Uint8Array() };
  });
}

/** @throws {StatusError} PsaErrorInvalidArgument if it is no key file, or one for another TPM. */
export async function keyOfFile(
  { connection, registry, access }: Engine,
  key: KeyToAdopt,
  { pem }: Source<"tss2_key">,
): Promise<ForeignKey> {
  if (key.deleteWithKey) {
    throw invalidArgument(
      "Cannot adopt the key: it is in a file, and not in the TPM to be deleted",
    );
  }
  const file = readKeyFile(pem, registry);
  const { parent: handle, publicArea } = file;
  return await connection.run(laneOf(key), async (tpm) => {
    if (handle === "owner") {
      const wrapped = await wrappedBy(tpm, await rootKey(tpm, access, OWNER_ROOT), file);
      return { what: "child of the owner's", publicArea, wrapped };
    }
    const parent = await objectAt(tpm, handle);
    const wrapped = await wrappedBy(tpm, parent, file);
    return { what: "parent", handle, name: nameOf(tpm.context, parent), publicArea, wrapped };
  });
}

/** What was encrypted for the parent elsewhere is wrapped by it now. */
async function wrappedBy(
  tpm: Tpm,
  parent: EsysObject,
  file: KeyFile,
): Promise<Uint8Array<ArrayBuffer>> {
  if ("wrapped" in file) return file.wrapped;
  try {
    return await tpm.secured((context, session) =>
      importDuplicate(context, [session], parent, file)
    );
  } catch (error) {
    throw await adoptionRefusal(tpm, error);
  }
}
