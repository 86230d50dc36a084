/** Keys out of a token: read, or wrapped where it does not let them be read. */
import {
  type AttributeValues,
  CKA,
  CKR,
  type ObjectHandle,
  Pkcs11Error,
  readAttributes,
  type Session,
} from "../../ffi/pkcs11/mod.ts";
import { notPermitted } from "./refusals.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { canWrap, getWrapped } from "./wrapping.ts";

/** How a key is put together. Both get fresh bytes, which they zero or hand on. */
export interface KeyReader {
  /** CKA_* of its parts. */
  readonly parts: readonly number[];
  /** @param values All of the parts. */
  readonly fromParts: (values: AttributeValues) => Uint8Array<ArrayBuffer>;
  /** @param plain The PrivateKeyInfo, or the bytes of a secret key. */
  readonly fromWrapped: (plain: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

/** @throws {StatusError} PsaErrorNotPermitted if the token does not give the key away. */
export async function exportKey(
  session: Session,
  registry: Pkcs11Registry,
  object: ObjectHandle,
  reader: KeyReader,
): Promise<Uint8Array<ArrayBuffer>> {
  const values = await readAttributes(session, object, reader.parts);
  if (reader.parts.every((part) => values.get(part)?.length)) return reader.fromParts(values);
  if (!canWrap(registry) || !await isExtractable(session, object)) throw kept();
  try {
    return reader.fromWrapped(await getWrapped(session, object));
  } catch (error) {
    const isRefused = error instanceof Pkcs11Error && NOT_WRAPPED.has(error.code);
    throw isRefused ? kept({ cause: error }) : error;
  }
}

const NOT_WRAPPED: ReadonlySet<number> = new Set([
  CKR.KEY_NOT_WRAPPABLE,
  CKR.KEY_UNEXTRACTABLE,
  CKR.KEY_FUNCTION_NOT_PERMITTED,
]);

async function isExtractable(session: Session, object: ObjectHandle): Promise<boolean> {
  const value = (await readAttributes(session, object, [CKA.EXTRACTABLE])).get(CKA.EXTRACTABLE);
  return value?.[0] === 1;
}

function kept(options?: ErrorOptions) {
  return notPermitted("Cannot export the key: the token does not give it away", options);
}
