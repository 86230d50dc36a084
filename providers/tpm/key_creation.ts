/** Keys made by the TPM, under its root key. */
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  create,
  encodePublicArea,
  type PublicArea,
  type WrappedObject,
} from "../../ffi/tss2/mod.ts";
import { hashLength } from "../../src/psa/hash.ts";
import type { CreatedKey, NewKey } from "../../src/provider.ts";
import { type Engine, laneOf } from "./engine.ts";
import { hmacHash, hmacKeyFor } from "./hmac_key.ts";
import { encodeKeyId } from "./key_id.ts";
import { keyTemplate } from "./key_template.ts";
import { rootKey } from "./open_tpm.ts";
import { randomFrom } from "./random.ts";
import type { Tpm } from "./tpm.ts";

export async function generateKey(engine: Engine, key: NewKey): Promise<CreatedKey> {
  const { registry, connection, vault } = engine;
  using auth = vault.newAuth();
  const made = await connection.run(laneOf(key), async (tpm) => {
    using data = await dataOf(engine, tpm, key);
    const template = keyTemplate(key.attributes, registry, data === undefined ? "made" : "given");
    return await createUnderRoot(engine, tpm, template, { auth, data });
  });
  return keyWith(engine, key, made, { auth, bits: key.attributes.bits });
}

/** HMAC keys of another size than the TPM makes by itself are random bytes that it gives. */
async function dataOf(
  { host, registry }: Engine,
  tpm: Tpm,
  { attributes }: NewKey,
): Promise<Secret | undefined> {
  if (attributes.type.kind !== "hmac") return undefined;
  const hash = hmacHash(attributes, registry);
  if (attributes.bits / 8 === hashLength(hash)) return undefined;
  using random = new Secret(await randomFrom(tpm, attributes.bits / 8));
  return hmacKeyFor(host, hash, random.expose());
}

/** The secrets of a new object; the TPM makes its data where none is given. */
export interface ObjectSecrets {
  readonly auth: Secret;
  readonly data?: Secret | undefined;
}

export async function createUnderRoot(
  { access }: Engine,
  tpm: Tpm,
  template: PublicArea,
  { auth, data }: ObjectSecrets,
): Promise<WrappedObject> {
  const parent = await rootKey(tpm, access, access.rootKey);
  const sensitive = { auth: auth.expose(), data: data?.expose() ?? new Uint8Array() };
  return await tpm.secured((context, session) =>
    create(context, [session], parent, { template: encodePublicArea(template), sensitive })
  );
}

/** A key whose id is what the TPM wrapped. */
export function keyWith(
  { access, vault }: Engine,
  { identity }: NewKey,
  { publicArea, wrapped }: WrappedObject,
  { auth, bits }: { readonly auth: Secret; readonly bits: number },
): CreatedKey {
  const sealedAuth = vault.seal(identity, publicArea, auth.expose());
  return { keyId: encodeKeyId({ root: access.rootKey, publicArea, wrapped, sealedAuth }), bits };
}
