/** Making, exporting and unmaking keys. */
import { CKR, Pkcs11Error } from "../../ffi/pkcs11/mod.ts";
import { isPublicKey, isSymmetric, type KeyType } from "../../src/psa/key_type.ts";
import type { CreatedKey, Key, KeyManagement, NewKey } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { staysOnToken } from "./adopted_key_id.ts";
import { ecKeys } from "./ec_keys.ts";
import type { Engine } from "./engine.ts";
import type { KeyFamily } from "./key_family.ts";
import { freshKeyId } from "./key_id.ts";
import { invalidArgument, notPermitted, notSupported } from "./refusals.ts";
import { rsaKeys } from "./rsa_keys.ts";
import { secretKeys } from "./secret_keys.ts";
import type { TokenSession } from "./token.ts";

/** Ids that have been given away and must not be given again: a key may not be on the token yet. */
const MAX_RESERVED = 65_536;

type Management = Required<Omit<KeyManagement, "deriveKey" | "adoptKey">>;

export function keyManagement(engine: Engine): Management {
  const { token, registry } = engine;
  const familyOf = keyFamilies(engine);
  const ids = new KeyIds(engine);
  const make = async (key: NewKey, work: (session: TokenSession) => Promise<void>) => {
    await ids.requireFree(key);
    try {
      await token.use((session) => session.objects.change(() => work(session)), {
        isRepeatable: false,
      });
    } catch (error) {
      if (isSizeRefusal(error)) registry.noteRefusal(key.attributes.type, key.attributes.bits);
      throw error;
    }
  };
  return {
    reserveKeyId: () => ids.reserve(),
    async generateKey(key) {
      requireExportAllowed(engine, key);
      const family = familyOf(key.attributes.type);
      await make(key, (session) => family.generate(session, key));
      return { keyId: key.id, bits: key.attributes.bits };
    },
    async importKey(key, data): Promise<CreatedKey> {
      requireExportAllowed(engine, key);
      const { type } = key.attributes;
      using accepted = await familyOf(type).accept(key, data);
      const { bits } = accepted;
      if (registry.keySupport(type, bits)?.import !== true) {
        throw notSupported(`Cannot import ${type.kind} of ${bits} bits: not on this token`);
      }
      await make(key, (session) => accepted.create(session));
      return { keyId: key.id, bits };
    },
    async destroyKey(key) {
      if (ids.isForeign(key.id)) return;
      engine.publicKeys.forget(key.id);
      if (staysOnToken(key.id)) return token.connection?.objects.forget(key.id);
      await token.use(({ session, objects }) => objects.destroyAll(session, key));
    },
    async exportKey(key) {
      const { type } = key.attributes;
      const family = familyOf(type);
      if (isPublicKey(type)) return await exportPublic(engine, family, key);
      return await token.use((session) => family.exportKey(session, key));
    },
    exportPublicKey: (key) => exportPublic(engine, familyOf(key.attributes.type), key),
  };
}

function exportPublic({ token }: Engine, family: KeyFamily, key: Key): Promise<Uint8Array> {
  const { exportPublicKey } = family;
  if (exportPublicKey === undefined) {
    const { kind } = key.attributes.type;
    throw invalidArgument(`Cannot export a public key: a key of type ${kind} has none`);
  }
  return token.use((session) => exportPublicKey(session, key));
}

function keyFamilies({ library, registry }: Engine): (type: KeyType) => KeyFamily {
  const secret = secretKeys(registry);
  const rsa = rsaKeys(library, registry);
  const ec = ecKeys(library, registry);
  return (type) => {
    if (isSymmetric(type)) return secret;
    switch (type.kind) {
      case "rsa_key_pair":
      case "rsa_public_key":
        return rsa;
      case "ecc_key_pair":
      case "ecc_public_key":
        return ec;
      default:
        throw notSupported(`Cannot use a key of type ${type.kind}: not served`);
    }
  };
}

function requireExportAllowed({ allowExport }: Engine, { attributes }: NewKey): void {
  if (allowExport || !attributes.policy.usageFlags.export) return;
  throw notPermitted("Cannot make a key with the usage flag export: allow_export is off");
}

/** The token's limits allowed the key, the token does not. */
function isSizeRefusal(error: unknown): boolean {
  return error instanceof Pkcs11Error &&
    (error.code === CKR.CURVE_NOT_SUPPORTED || error.code === CKR.DOMAIN_PARAMS_INVALID ||
      error.code === CKR.KEY_SIZE_RANGE);
}

/** The ids of new keys; nobody else's objects are ever touched. */
class KeyIds {
  readonly #engine: Engine;
  readonly #reserved = new Set<string>();
  /** Ids under which somebody else's objects turned out to be. */
  readonly #foreign = new Set<string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Whether the token has objects with the id is seen before the key is made.
   *
   * @throws {StatusError} If the token is away: no key can be made now.
   */
  reserve(): Uint8Array {
    this.#engine.token.requireHope();
    const keyId = freshKeyId((id) => this.#reserved.has(id.toHex()));
    if (this.#reserved.size >= MAX_RESERVED) this.#reserved.clear();
    this.#reserved.add(keyId.toHex());
    return keyId;
  }

  isForeign(keyId: Uint8Array): boolean {
    return this.#foreign.has(keyId.toHex());
  }

  /** @throws {StatusError} PsaErrorAlreadyExists if the token has objects with the id of a new key. */
  async requireFree({ id }: NewKey): Promise<void> {
    const { token } = this.#engine;
    if (!await token.use(({ session, objects }) => objects.has(session, id))) return;
    this.#foreign.add(id.toHex());
    throw new StatusError(
      ResponseStatus.PsaErrorAlreadyExists,
      "Cannot make the key: the token has objects with its CKA_ID already",
    );
  }
}
