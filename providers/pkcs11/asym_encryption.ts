/** PsaAsymmetricEncrypt and PsaAsymmetricDecrypt. */
import { removeOaepPadding } from "../../ffi/libcrypto/mod.ts";
import { CKF, CKM, decrypt, encrypt, type Mechanism } from "../../ffi/pkcs11/mod.ts";
import type { AsymmetricEncryption } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { hasPublicObject } from "./adopted_key_id.ts";
import { alike, undecryptable } from "./decryption_failure.ts";
import type { Engine } from "./engine.ts";
import { hashRow } from "./hashes.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { encryptInSoftware } from "./software_public.ts";

type EncryptionPrimitive = "PsaAsymmetricEncrypt" | "PsaAsymmetricDecrypt";

/** Least padding of PKCS#1 v1.5, bytes. */
const PKCS1_PADDING = 11;

export function encryptionPrimitives(
  engine: Engine,
): Required<Pick<Primitives, EncryptionPrimitive>> {
  const { token, registry, softwarePublicOperations } = engine;
  const encryptOnToken = (key: Key, mechanism: Mechanism, plaintext: Uint8Array) =>
    token.use(async ({ session, objects }) => {
      const object = await objects.find(session, key.id, "PUBLIC_KEY");
      return await encrypt(session, {
        mechanism,
        key: object,
        data: plaintext,
        most: modulusBytes(key),
      });
    });
  const decryptOnToken = (key: Key, mechanism: Mechanism, ciphertext: Uint8Array) =>
    alike(ResponseStatus.PsaErrorInvalidPadding, () =>
      token.use(async ({ session, objects }) => {
        const object = await objects.find(session, key.id, "PRIVATE_KEY");
        const most = modulusBytes(key);
        return await decrypt(session, { mechanism, key: object, data: ciphertext, most });
      }));
  return {
    async PsaAsymmetricEncrypt(key, { alg, plaintext, salt }) {
      const type = registry.mechanism(alg, key.attributes, CKF.ENCRYPT);
      const room = plaintextRoom(alg, key.attributes.bits);
      if (plaintext.length > room) {
        throw invalidArgument(`Cannot encrypt ${plaintext.length} bytes: wanted at most ${room}`);
      }
      const isOnToken = !softwarePublicOperations && hasPublicObject(key.id) &&
        isDoneByToken(registry, alg, salt);
      const ciphertext = isOnToken
        ? await encryptOnToken(key, { type, parameter: oaepParameter(alg, salt) }, plaintext)
        : await encryptInSoftware(engine, key, { alg, plaintext, salt });
      return { ciphertext };
    },
    async PsaAsymmetricDecrypt(key, { alg, ciphertext, salt }) {
      if (isPublicKey(key.attributes.type)) {
        throw invalidArgument("Cannot decrypt: found a public key, wanted a pair");
      }
      const type = registry.mechanism(alg, key.attributes, CKF.DECRYPT);
      const length = modulusBytes(key);
      if (ciphertext.length !== length) {
        throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: wanted ${length}`);
      }
      if (plaintextRoom(alg, key.attributes.bits) < 0) {
        throw invalidArgument("Cannot decrypt: the key is too small");
      }
      if (isDoneByToken(registry, alg, salt)) {
        const mechanism = { type, parameter: oaepParameter(alg, salt) };
        return { plaintext: await decryptOnToken(key, mechanism, ciphertext) };
      }
      const encoded = await decryptOnToken(key, { type: CKM.RSA_X_509 }, ciphertext);
      return { plaintext: withoutPadding(engine, padded(encoded, length), alg, salt) };
    },
  };
}

/** Whether the token knows the padding, with this hash and label. */
function isDoneByToken(
  registry: Pkcs11Registry,
  alg: AsymmetricEncryption,
  label: Uint8Array,
): boolean {
  return alg.kind !== "rsa_oaep" ||
    registry.oaepWay(alg.hash, { hasLabel: label.length > 0 }) === "token";
}

/** @param encoded Wiped. @throws {StatusError} PsaErrorInvalidPadding */
function withoutPadding(
  { library, digests }: Engine,
  encoded: Uint8Array,
  alg: AsymmetricEncryption,
  label: Uint8Array,
): Uint8Array {
  if (alg.kind !== "rsa_oaep") throw new TypeError(`No padding of ${alg.kind} to remove`);
  const plaintext = removeOaepPadding(library, encoded, digests.get(alg.hash), label);
  encoded.fill(0);
  if (plaintext !== undefined) return plaintext;
  throw undecryptable(ResponseStatus.PsaErrorInvalidPadding);
}

/** As long as the modulus: some tokens leave out leading zeros. The first array is wiped if it is too short. */
function padded(encoded: Uint8Array, length: number): Uint8Array {
  if (encoded.length === length) return encoded;
  const whole = new Uint8Array(length);
  whole.set(encoded, length - encoded.length);
  encoded.fill(0);
  return whole;
}

function oaepParameter(alg: AsymmetricEncryption, label: Uint8Array) {
  if (alg.kind !== "rsa_oaep") return undefined;
  const row = hashRow(alg.hash);
  if (row?.mgf === undefined) throw notSupported("Cannot use OAEP: the hash has no mask function");
  return { kind: "oaep", hash: row.digest, mgf: row.mgf, label } as const;
}

function modulusBytes({ attributes: { bits } }: Key): number {
  return Math.ceil(bits / 8);
}

/** Most bytes that fit into a ciphertext; negative if the key is too small for the algorithm. */
function plaintextRoom(alg: AsymmetricEncryption, bits: number): number {
  const size = Math.ceil(bits / 8);
  return alg.kind === "rsa_oaep" ? size - 2 * hashLength(alg.hash) - 2 : size - PKCS1_PADDING;
}
