/** Keys from outside: wrapped by the TPM for itself, so that they are as durable as its own. */
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  encodePublicArea,
  flushContext,
  importObject,
  loadPublic,
  type PublicArea,
  Tss2Error,
} from "../../ffi/tss2/mod.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { CreatedKey, NewKey } from "../../src/provider.ts";
import { isLost } from "./failures.ts";
import { type Engine, laneOf } from "./engine.ts";
import { hmacHash, hmacKeyFor } from "./hmac_key.ts";
import { createUnderRoot, keyWith } from "./key_creation.ts";
import { encodeKeyId } from "./key_id.ts";
import { keyTemplate } from "./key_template.ts";
import { rootKey } from "./open_tpm.ts";
import { type PrivateKey, readEccPrivate, readRsaPrivate, wrapForImport } from "./private_key.ts";
import { readPoint, readRsaPublicKey } from "./public_key.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";

export async function importKey(
  engine: Engine,
  key: NewKey,
  data: Uint8Array,
): Promise<CreatedKey> {
  const { type } = key.attributes;
  if (isPublicKey(type)) return await importPublic(engine, key, data);
  switch (type.kind) {
    case "rsa_key_pair": {
      using pair = await readRsaPrivate(engine.host, data);
      return await importPrivate(engine, key, pair);
    }
    case "ecc_key_pair": {
      using pair = readEccPrivate(engine.host, data, curveBits(engine, key, data));
      return await importPrivate(engine, key, pair);
    }
    default:
      return await importSymmetric(engine, key, data);
  }
}

async function importPrivate(
  engine: Engine,
  key: NewKey,
  pair: PrivateKey,
): Promise<CreatedKey> {
  const { registry, connection, vault, host, access } = engine;
  const { bits } = pair;
  const attributes = withBits(key, bits);
  requireSupport(attributes, registry);
  using auth = vault.newAuth();
  const template = keyTemplate(attributes, registry, "imported");
  const made = await connection.run(laneOf(key), async (tpm) => {
    using inner = wrapForImport(host, pair, template, auth.expose());
    const parent = await rootKey(tpm, access, access.rootKey);
    const wrapped = await tpm.secured((context, session) =>
      importObject(context, [session], parent, inner)
    );
    return { publicArea: inner.publicArea, wrapped };
  });
  return keyWith(engine, key, made, { auth, bits });
}

async function importSymmetric(
  engine: Engine,
  key: NewKey,
  data: Uint8Array,
): Promise<CreatedKey> {
  const { registry, connection, vault, host } = engine;
  const bits = data.length * 8;
  const attributes = withBits(key, bits);
  requireSupport(attributes, registry);
  using auth = vault.newAuth();
  using secret = attributes.type.kind === "hmac"
    ? hmacKeyFor(host, hmacHash(attributes, registry), data)
    : new Secret(new Uint8Array(data));
  const template = keyTemplate(attributes, registry, "given");
  const made = await connection.run(
    laneOf(key),
    (tpm) => createUnderRoot(engine, tpm, template, { auth, data: secret }),
  );
  return keyWith(engine, key, made, { auth, bits });
}

async function importPublic(
  engine: Engine,
  key: NewKey,
  data: Uint8Array,
): Promise<CreatedKey> {
  const { registry, vault } = engine;
  const { bits, complete } = readPublic(engine, key, data);
  const attributes = withBits(key, bits);
  requireSupport(attributes, registry);
  const publicArea = encodePublicArea(complete(keyTemplate(attributes, registry, "imported")));
  await requireLoadable(engine, key, publicArea);
  // There is no auth value; the seal binds the public key to its name all the same.
  const sealedAuth = vault.seal(key.identity, publicArea, new Uint8Array());
  const wrapped = new Uint8Array();
  return { keyId: encodeKeyId({ root: undefined, publicArea, wrapped, sealedAuth }), bits };
}

interface PublicKey {
  readonly bits: number;
  /** The template of the key with the key put in. */
  complete(template: PublicArea): PublicArea;
}

function readPublic(engine: Engine, key: NewKey, data: Uint8Array): PublicKey {
  if (key.attributes.type.kind === "rsa_public_key") {
    const { bits, exponent, modulus } = readRsaPublicKey(data);
    const complete = (template: PublicArea): PublicArea =>
      template.type === "rsa" ? { ...template, exponent, modulus } : template;
    return { bits, complete };
  }
  const bits = curveBits(engine, key, data);
  const point = readPoint(data, bits);
  if (point === undefined) {
    throw invalidArgument(
      `Cannot import a public key: found ${data.length} bytes, wanted an uncompressed point of ${bits} bits`,
    );
  }
  const complete = (template: PublicArea): PublicArea =>
    template.type === "ecc" ? { ...template, ...point } : template;
  return { bits, complete };
}

/** The TPM judges whether it can use the key: a point off its curve, an exponent it lacks. */
async function requireLoadable(
  { connection }: Engine,
  key: NewKey,
  publicArea: Uint8Array,
): Promise<void> {
  await connection.run(laneOf(key), async (tpm) => {
    try {
      const object = await tpm.plain((context) => loadPublic(context, publicArea));
      await tpm.plain((context) => flushContext(context, object));
    } catch (error) {
      if (!(error instanceof Tss2Error) || isLost(error)) throw error;
      if (!error.response.about.startsWith("parameter")) throw error;
      throw invalidArgument(`Cannot import a public key: the TPM refused it (${error.message})`);
    }
  });
}

/** The size of the curve: as the attributes say, or the one whose keys have this length. */
function curveBits({ registry }: Engine, { attributes }: NewKey, data: Uint8Array): number {
  const { type, bits } = attributes;
  if (bits !== 0) return bits;
  const row = registry.curveOfLength(type, data.length);
  if (row !== undefined) return row.bits;
  throw invalidArgument(
    `Cannot tell the curve of a key: none of its family has ${
      describe(type)
    } of ${data.length} bytes`,
  );
}

function describe(type: KeyType): string {
  return isPublicKey(type) ? "public keys" : "private keys";
}

/** @throws {StatusError} PsaErrorNotSupported if the TPM has no keys of this size: it may have been 0 so far. */
function requireSupport({ type, bits }: KeyAttributes, registry: TpmRegistry): void {
  if (registry.keySupport(type, bits)?.import === true) return;
  throw notSupported(`Cannot import a ${type.kind} of ${bits} bits: not with this TPM`);
}

/** @throws {StatusError} PsaErrorInvalidArgument if the attributes say another size than the data. */
function withBits({ attributes }: NewKey, bits: number): KeyAttributes {
  if (attributes.bits !== 0 && attributes.bits !== bits) {
    throw invalidArgument(
      `Cannot import a key: found ${bits} bits, wanted ${attributes.bits} as its attributes say`,
    );
  }
  return { ...attributes, bits };
}
