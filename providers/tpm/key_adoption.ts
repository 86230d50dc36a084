/**
 * AdoptKey: keys that the TPM has already, or has wrapped for somebody else. Of a persistent object the id says where
 * it is and which one; a wrapped key becomes its own id, as our keys are.
 */
import { decodePublicArea, type PublicArea, TPMA_OBJECT } from "../../ffi/tss2/mod.ts";
import type { AdoptedKey, KeyToAdopt } from "../../src/provider.ts";
import { StatusError } from "../../src/status.ts";
import { adoptableKey, requirePermission } from "./adoptable_key.ts";
import { encodeAdoptedKey, encodeAdoptedKeyId } from "./adopted_key_id.ts";
import { adoptionRefusal } from "./adoption_refusal.ts";
import { type Engine, laneOf } from "./engine.ts";
import { type ForeignKey, keyOfFile, persistentKey } from "./foreign_key.ts";
import { OWNER_ROOT } from "./key_file.ts";
import { encodeKeyId } from "./key_id.ts";
import { tryKey } from "./key_trial.ts";
import { invalidArgument, notSupported } from "./refusals.ts";

/** Longest auth value: TPM2B_AUTH, bytes. */
const MOST_AUTH = 64;

const GUARDED =
  "The TPM guards an adopted key against guessing: each power cut while it is in use counts as a wrong " +
  "auth value, and too many of them lock such keys for a while";

/** @throws {StatusError} As `KeyManagement.adoptKey`; the reason is in the log, too. */
export async function adoptKey(engine: Engine, key: KeyToAdopt): Promise<AdoptedKey> {
  const { log } = engine.access;
  try {
    const { source } = key;
    if (source.kind === "token_object") {
      throw notSupported("Cannot adopt the key: the TPM has no objects of a PKCS#11 token");
    }
    const { auth } = source;
    if (auth.length > MOST_AUTH) {
      throw invalidArgument(
        `Cannot adopt the key: its auth value has ${auth.length} bytes, wanted at most ${MOST_AUTH}`,
      );
    }
    const found = source.kind === "tpm_handle"
      ? await persistentKey(engine, key, source)
      : await keyOfFile(engine, key, source);
    return await adoptFound(engine, key, found, auth);
  } catch (error) {
    if (error instanceof StatusError) log.warn("A key was not adopted", { reason: error.message });
    throw error;
  }
}

async function adoptFound(
  engine: Engine,
  { identity, policy }: KeyToAdopt,
  found: ForeignKey,
  auth: Uint8Array,
): Promise<AdoptedKey> {
  const { connection, loader, registry, access } = engine;
  const { permittedAlgorithm: algorithm } = policy;
  const area = readArea(found.publicArea);
  const { type, bits } = adoptableKey(area, registry);
  requirePermission(area, { type, bits }, algorithm, registry);
  const keyId = sealedId(engine, identity, found, auth);
  const key = { id: keyId, identity, attributes: { type, bits, policy } };
  await connection.run(laneOf(key), async (tpm) => {
    try {
      const object = await loader.load(tpm, key);
      await tryKey(tpm, registry, { object, area, bits, algorithm });
    } catch (error) {
      throw await adoptionRefusal(tpm, error);
    }
  });
  if ((area.attributes & TPMA_OBJECT.NODA) === 0) access.log.warn(GUARDED);
  return { keyId, type, bits };
}

function readArea(publicArea: Uint8Array): PublicArea {
  try {
    return decodePublicArea(publicArea);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw notSupported("Cannot adopt the key: its public area is of an unknown kind");
  }
}

function sealedId(
  { vault }: Engine,
  identity: KeyToAdopt["identity"],
  found: ForeignKey,
  auth: Uint8Array,
): Uint8Array {
  if (found.what === "child of the owner's") {
    const { publicArea, wrapped } = found;
    const sealedAuth = vault.seal(identity, publicArea, auth);
    return encodeKeyId({ root: OWNER_ROOT, publicArea, wrapped, sealedAuth });
  }
  const sealedAuth = vault.seal(identity, encodeAdoptedKey(found), auth);
  return encodeAdoptedKeyId({ ...found, sealedAuth });
}
