/** PsaAsymmetricEncrypt and PsaAsymmetricDecrypt. */
import { decrypt, encrypt, type Mechanism } from "../../ffi/pkcs11/mod.ts";
import type { AsymmetricEncryption } from "../../src/psa/algorithm.ts";
import { hashLength } from "../../src/psa/hash.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { alike } from "./decryption_failure.ts";
import type { Engine } from "./engine.ts";
import { hashRow } from "./hashes.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import { encryptInSoftware } from "./software_public.ts";

type EncryptionPrimitive = "PsaAsymmetricEncrypt" | "PsaAsymmetricDecrypt";

/** Least padding of PKCS#1 v1.5, bytes. */
const PKCS1_PADDING = 11;

export function encryptionPrimitives(
  engine: Engine,
): Required<Pick<Primitives, EncryptionPrimitive>> {
  const { token, registry, softwarePublicOperations } = engine;
  const mechanismFor = (key: Key, alg: AsymmetricEncryption, label: Uint8Array): Mechanism => {
    const { type, bits } = key.attributes;
    const { mechanism } = registry.row(alg, type, bits);
    if (alg.kind !== "rsa_oaep") return { type: mechanism };
    if (label.length > 0 && !registry.quirks.oaepLabel) {
      throw notSupported("Cannot use OAEP with a label: not on this token");
    }
    return { type: mechanism, parameter: oaepParameter(alg, label) };
  };
  return {
    async PsaAsymmetricEncrypt(key, { alg, plaintext, salt }) {
      const room = plaintextRoom(alg, key.attributes.bits);
      if (plaintext.length > room) {
        throw invalidArgument(`Cannot encrypt ${plaintext.length} bytes: wanted at most ${room}`);
      }
      if (softwarePublicOperations) {
        return { ciphertext: await encryptInSoftware(engine, key, { alg, plaintext, salt }) };
      }
      const mechanism = mechanismFor(key, alg, salt);
      const most = modulusBytes(key);
      const ciphertext = await token.use(async ({ session, objects }) => {
        const object = await objects.find(session, key.id, "PUBLIC_KEY");
        return await encrypt(session, { mechanism, key: object, data: plaintext, most });
      });
      return { ciphertext };
    },
    async PsaAsymmetricDecrypt(key, { alg, ciphertext, salt }) {
      if (isPublicKey(key.attributes.type)) {
        throw invalidArgument("Cannot decrypt: found a public key, wanted a pair");
      }
      const most = modulusBytes(key);
      if (ciphertext.length !== most) {
        throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: wanted ${most}`);
      }
      if (plaintextRoom(alg, key.attributes.bits) < 0) {
        throw invalidArgument("Cannot decrypt: the key is too small");
      }
      const mechanism = mechanismFor(key, alg, salt);
      const plaintext = await alike(
        ResponseStatus.PsaErrorInvalidPadding,
        () =>
          token.use(async ({ session, objects }) => {
            const object = await objects.find(session, key.id, "PRIVATE_KEY");
            return await decrypt(session, { mechanism, key: object, data: ciphertext, most });
          }),
      );
      return { plaintext };
    },
  };
}

function oaepParameter(
  { hash }: Extract<AsymmetricEncryption, { kind: "rsa_oaep" }>,
  label: Uint8Array,
) {
  const row = hashRow(hash);
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
