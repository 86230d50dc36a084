/** Keys that are on the token already, given to an application. Nothing changes on the token. */
import { CKA, findObjects, type Session } from "../../ffi/pkcs11/mod.ts";
import type { Logger } from "../../src/log.ts";
import type { KeySource } from "../../src/operations/convert/key_source.ts";
import { type ObjectUri, parsePkcs11Uri, type Pkcs11Uri } from "../../src/pkcs11_uri.ts";
import type { AdoptedKey, KeyManagement, KeyToAdopt } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { kindOf } from "./adopted_kind.ts";
import { nameTemplate, writeAdoptedKeyId } from "./adopted_key_id.ts";
import { checkPolicy } from "./adopted_policy.ts";
import type { Engine } from "./engine.ts";
import { described, findCertificateId } from "./found_object.ts";
import { ownKeyIdOf } from "./key_id.ts";
import { classesOf, describedKeys, findKeys, type FoundKey, labelsOf } from "./object_choice.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import { asStatusError } from "./status.ts";
import type { TokenSession } from "./token.ts";
import { matchesUri } from "./token_choice.ts";

/** Whoever asks sees no more than a status: what is in the way is in the log, for the administrator. */
export function adoption(
  engine: Engine,
  log: Logger,
): Required<Pick<KeyManagement, "adoptKey">> {
  return {
    async adoptKey(key) {
      try {
        return await adopt(engine, log, key);
      } catch (error) {
        const refusal = asStatusError(error);
        if (refusal instanceof StatusError) log.warn("Adopted no key", { reason: refusal.message });
        throw error;
      }
    },
  };
}

async function adopt(
  engine: Engine,
  log: Logger,
  { source, policy, deleteWithKey }: KeyToAdopt,
): Promise<AdoptedKey> {
  const uri = readSource(source);
  const key = await engine.token.use((session) =>
    session.objects.change(() => chooseKey(session, uri, log))
  );
  const kind = kindOf(key, policy.permittedAlgorithm);
  requirePublicHalf(key);
  checkPolicy(engine, key, kind, policy);
  const keyId = writeAdoptedKeyId({ deleteWithKey, objects: key });
  log.info("Found the key to adopt", {
    objects: describedKeys([key]),
    type: kind.type.kind,
    bits: kind.bits,
    delete_with_key: deleteWithKey,
  }, { labels: labelsOf([key]) });
  return { keyId, ...kind, otherIds: key.flatMap(({ id }) => ownKeyIdOf(id) ?? []) };
}

/** @throws {StatusError} PsaErrorInvalidArgument if it names no object. */
function readSource(source: KeySource): Pkcs11Uri {
  if (source.kind !== "token_object") {
    throw notSupported(`Cannot adopt a ${source.kind}: found a token, wanted a TPM`);
  }
  const uri = parsed(source.uri);
  const { label, id } = uri.object;
  if (uri.pin !== undefined || uri.pinFile !== undefined) {
    throw invalidArgument("Cannot adopt a key: found a PIN in its URI, wanted none");
  }
  if (!label && !id?.length) {
    throw invalidArgument("Cannot adopt a key: its URI has neither object nor id");
  }
  if (classesOf(uri.object).length === 0) {
    throw invalidArgument(`Cannot adopt an object of type ${uri.object.type}: wanted a key`);
  }
  return uri;
}

function parsed(uri: string): Pkcs11Uri {
  try {
    return parsePkcs11Uri(uri);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidArgument(error.message);
  }
}

async function chooseKey(
  { session, objects, found }: TokenSession,
  { match, object }: Pkcs11Uri,
  log: Logger,
): Promise<FoundKey> {
  if (!matchesUri(found, match)) throw doesNotExist("its URI names another token");
  await objects.requireLogin(session); // half of a pair would be found without
  const keys = await findKeys(session, object);
  const [key, another] = keys;
  if (key === undefined) {
    throw doesNotExist(await absence(session, object));
  }
  if (another !== undefined) {
    log.warn("Several keys match", { keys: describedKeys(keys) }, { labels: labelsOf(keys) });
    throw invalidArgument(`Cannot adopt a key: its URI names ${keys.length}, wanted one`);
  }
  await requireNames(session, key);
  return key;
}

async function absence(session: Session, wanted: ObjectUri): Promise<string> {
  const id = await findCertificateId(session, wanted);
  if (id === undefined) return "its URI names no key that can be seen on the token";
  return `its URI names a certificate with CKA_ID '${id.toHex()}', which its key may have too`;
}

/** @throws {StatusError} If what names an object now would not find it, and it alone, again. */
async function requireNames(session: Session, key: FoundKey): Promise<void> {
  for (const object of key) {
    if (object.id.length === 0 && object.label.length === 0) {
      throw notSupported(`Cannot adopt a ${described(object)}: it has no CKA_LABEL either`);
    }
    const alike = await findObjects(session, nameTemplate(object), 2);
    if (alike.length === 1 && alike[0] === object.handle) continue;
    throw invalidArgument(
      `Cannot adopt a ${described(object)}: another object has its CKA_ID and CKA_LABEL too`,
    );
  }
}

/** A pair is used with both halves: the public one is an object of its own, or the private key tells it. */
function requirePublicHalf(key: FoundKey): void {
  const [first, second] = key;
  if (first?.keyClass !== "PRIVATE_KEY" || second !== undefined) return;
  const tells = (...types: readonly number[]) =>
    types.every((type) => (first.values.get(type)?.length ?? 0) > 0);
  if (tells(CKA.MODULUS, CKA.PUBLIC_EXPONENT) || tells(CKA.EC_PARAMS, CKA.EC_POINT)) return;
  throw notSupported(
    "Cannot adopt a key pair: found a private key that does not tell its public key, wanted that " +
      "beside it, with the same CKA_ID (pkcs11-tool --write-object FILE --type pubkey --id ID)",
  );
}

function doesNotExist(found: string): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorDoesNotExist,
    `Cannot adopt a key: ${found}`,
  );
}
