/**
 * AdoptKey: keys that the TPM has already, or has wrapped for somebody else. Of a persistent object the id says where
 * it is and which one; a wrapped key becomes its own id, as our keys are.
 */
import {
  decodePublicArea,
  importDuplicate,
  nameOf,
  type PublicArea,
  readPublic,
  TPMA_OBJECT,
} from "../../ffi/tss2/mod.ts";
import type { KeySource } from "../../src/operations/convert/key_source.ts";
import type { AdoptedKey, KeyToAdopt } from "../../src/provider.ts";
import { StatusError } from "../../src/status.ts";
import { type AdoptableKey, adoptableKey, requirePermission } from "./adoptable_key.ts";
import { type AtHandle, encodeAdoptedKey, encodeAdoptedKeyId } from "./adopted_key_id.ts";
import { adoptionRefusal } from "./adoption_refusal.ts";
import { type Engine, laneOf } from "./engine.ts";
import { type KeyFile, OWNER_ROOT, readKeyFile } from "./key_file.ts";
import { encodeKeyId } from "./key_id.ts";
import { tryKey } from "./key_trial.ts";
import { rootKey } from "./open_tpm.ts";
import {
  handleName,
  isOwnersHandle,
  isPersistentHandle,
  type KnownObject,
  objectAt,
} from "./persistent_object.ts";
import { invalidArgument, notPermitted, notSupported } from "./refusals.ts";
import type { Tpm } from "./tpm.ts";

/** Longest auth value: TPM2B_AUTH, bytes. */
const MOST_AUTH = 64;

const GUARDED =
  "The TPM guards an adopted key against guessing: each power cut while it is in use counts as a wrong " +
  "auth value, and too many of them lock such keys for a while";

/** @throws {StatusError} As `KeyManagement.adoptKey`; the reason is in the log, too. */
export async function adoptKey(engine: Engine, key: KeyToAdopt): Promise<AdoptedKey> {
  try {
    return await adopt(engine, key);
  } catch (error) {
    if (error instanceof StatusError) {
      engine.access.log.warn("A key was not adopted", { reason: error.message });
    }
    throw error;
  }
}

async function adopt(engine: Engine, key: KeyToAdopt): Promise<AdoptedKey> {
  const { source } = key;
  if (source.kind === "token_object") {
    throw notSupported("Cannot adopt the key: the TPM has no objects of a PKCS#11 token");
  }
  if (source.auth.length > MOST_AUTH) {
    throw invalidArgument(
      `Cannot adopt the key: its auth value has ${source.auth.length} bytes, wanted at most ${MOST_AUTH}`,
    );
  }
  switch (source.kind) {
    case "tpm_handle":
      return await adoptPersistent(engine, key, source);
    case "tss2_key":
      return await adoptWrapped(engine, key, source);
  }
}

type Source<K extends KeySource["kind"]> = Extract<KeySource, { readonly kind: K }>;

async function adoptPersistent(
  engine: Engine,
  key: KeyToAdopt,
  { handle, auth }: Source<"tpm_handle">,
): Promise<AdoptedKey> {
  if (!isPersistentHandle(handle)) {
    throw invalidArgument(
      `Cannot adopt the key: ${
        handleName(handle)
      } is no persistent handle, 0x81000000 to 0x81ffffff`,
    );
  }
  if (key.deleteWithKey && !isOwnersHandle(handle)) {
    throw notPermitted(
      `Cannot adopt the key: ${handleName(handle)} is the platform's, the owner may not delete it`,
    );
  }
  const { name, publicArea } = await engine.connection.run(laneOf(key), async (tpm) => {
    const object = await objectAt(tpm, handle);
    const publicArea = await tpm.plain((context) => readPublic(context, object));
    return { name: nameOf(tpm.context, object), publicArea };
  });
  const what = key.deleteWithKey ? "deleted_key" : "key";
  const wrapped = new Uint8Array();
  const seal = () => sealedAtHandle(engine, key, what, { handle, name, publicArea, wrapped, auth });
  return await adoptFound(engine, key, readArea(publicArea), seal);
}

async function adoptWrapped(
  engine: Engine,
  key: KeyToAdopt,
  { pem, auth }: Source<"tss2_key">,
): Promise<AdoptedKey> {
  if (key.deleteWithKey) {
    throw invalidArgument(
      "Cannot adopt the key: it is in a file, and not in the TPM to be deleted",
    );
  }
  const file = readKeyFile(pem, engine.registry);
  const area = readArea(file.publicArea);
  const { parent, wrapped } = await engine.connection.run(
    laneOf(key),
    (tpm) => underParent(engine, tpm, file),
  );
  const parts = { publicArea: file.publicArea, wrapped, auth };
  const seal = () =>
    parent === undefined
      ? sealedUnderRoot(engine, key, parts)
      : sealedAtHandle(engine, key, "parent", { ...parent, ...parts });
  return await adoptFound(engine, key, area, seal);
}

interface UnderParent {
  /** `undefined` where it is our root key. */
  readonly parent: KnownParent | undefined;
  readonly wrapped: Uint8Array<ArrayBuffer>;
}

/** A key that was encrypted elsewhere is wrapped by its parent now. */
async function underParent({ access }: Engine, tpm: Tpm, file: KeyFile): Promise<UnderParent> {
  const { parent: handle } = file;
  const object = handle === "owner"
    ? await rootKey(tpm, access, OWNER_ROOT)
    : await objectAt(tpm, handle);
  const parent = handle === "owner" ? undefined : { handle, name: nameOf(tpm.context, object) };
  if (!("seed" in file)) return { parent, wrapped: file.wrapped };
  try {
    const wrapped = await tpm.secured((context, session) =>
      importDuplicate(context, [session], object, file)
    );
    return { parent, wrapped };
  } catch (error) {
    throw await adoptionRefusal(tpm, error);
  }
}

interface KnownParent extends KnownObject {
  readonly name: Uint8Array<ArrayBuffer>;
}

interface WrappedParts {
  readonly publicArea: Uint8Array<ArrayBuffer>;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  readonly auth: Uint8Array;
}

function sealedUnderRoot(
  { vault }: Engine,
  { identity }: KeyToAdopt,
  { publicArea, wrapped, auth }: WrappedParts,
): Uint8Array {
  const sealedAuth = vault.seal(identity, publicArea, auth);
  return encodeKeyId({ root: OWNER_ROOT, publicArea, wrapped, sealedAuth });
}

function sealedAtHandle(
  { vault }: Engine,
  { identity }: KeyToAdopt,
  what: AtHandle,
  { auth, ...parts }: WrappedParts & KnownParent,
): Uint8Array {
  const adopted = { what, ...parts };
  const sealedAuth = vault.seal(identity, encodeAdoptedKey(adopted), auth);
  return encodeAdoptedKeyId({ ...adopted, sealedAuth });
}

/** @param seal Makes the id, once it is known that the key is one for applications. */
async function adoptFound(
  { connection, loader, registry, access }: Engine,
  { identity, policy }: KeyToAdopt,
  area: PublicArea,
  seal: () => Uint8Array,
): Promise<AdoptedKey> {
  const found: AdoptableKey = adoptableKey(area, registry);
  const { permittedAlgorithm: algorithm } = policy;
  requirePermission(area, found, algorithm, registry);
  const keyId = seal();
  const key = { id: keyId, identity, attributes: { ...found, policy } };
  await connection.run(laneOf(key), async (tpm) => {
    try {
      const object = await loader.load(tpm, key);
      await tryKey(tpm, registry, { object, area, bits: found.bits, algorithm });
    } catch (error) {
      throw await adoptionRefusal(tpm, error);
    }
  });
  if ((area.attributes & TPMA_OBJECT.NODA) === 0) access.log.warn(GUARDED);
  return { keyId, ...found };
}

function readArea(publicArea: Uint8Array): PublicArea {
  try {
    return decodePublicArea(publicArea);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw notSupported("Cannot adopt the key: its public area is of an unknown kind");
  }
}
