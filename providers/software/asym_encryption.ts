/** PsaAsymmetricEncrypt and PsaAsymmetricDecrypt. */
import { Decryptor, encrypt, Encryptor, type PKey } from "../../ffi/libcrypto/mod.ts";
import { algorithmName, type AsymmetricEncryption } from "../../src/psa/algorithm.ts";
import type { Hash } from "../../src/psa/hash.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import type { Engine } from "./engine.ts";
import type { AsymmetricKey, Loan } from "./loaded_key.ts";
import { invalidArgument } from "./refusals.ts";
import { encryptionParams, plaintextRoom } from "./rsa.ts";

type EncryptionPrimitive = "PsaAsymmetricEncrypt" | "PsaAsymmetricDecrypt";

export function encryptionPrimitives(
  { registry, cache, elsewhere }: Engine,
): Required<Pick<Primitives, EncryptionPrimitive>> {
  const digestOf = (hash: Hash) => registry.digest(hash);
  const roomOf = ({ attributes: { bits } }: Key, alg: AsymmetricEncryption) =>
    plaintextRoom(alg, bits, (hash) => digestOf(hash).length);
  return {
    PsaAsymmetricEncrypt(key, { alg, plaintext, salt }) {
      checkKey(key, alg, salt);
      const room = roomOf(key, alg);
      if (plaintext.length > room) {
        throw invalidArgument(`Cannot encrypt ${plaintext.length} bytes: wanted at most ${room}`);
      }
      const params = encryptionParams(alg, salt, digestOf);
      const loaded = cache.asymmetric(key);
      const name = reusableName(alg, salt);
      if (name === undefined) return { ciphertext: encrypt(loaded.key, params, plaintext) };
      const encryptor = loaded.reuse(name, (pkey) => new Encryptor(pkey, params));
      return { ciphertext: encryptor.encrypt(plaintext) };
    },
    async PsaAsymmetricDecrypt(key, { alg, ciphertext, salt }) {
      checkKey(key, alg, salt);
      checkCiphertext(key, ciphertext);
      if (roomOf(key, alg) < 0) throw invalidArgument("Cannot decrypt: the key is too small");
      const params = encryptionParams(alg, salt, digestOf);
      using decryptor = borrowDecryptor(
        cache.asymmetric(key),
        reusableName(alg, salt),
        (pkey) => new Decryptor(pkey, params),
      );
      const plaintext = await elsewhere.run(() => decryptor.item.decryptElsewhere(ciphertext));
      if (plaintext !== undefined) return { plaintext };
      // Alike for every cause: what the padding looked like must not be learnt.
      throw new StatusError(ResponseStatus.PsaErrorInvalidPadding, "Cannot decrypt: bad padding");
    },
  };
}

/** `undefined` for an algorithm with a label: there are too many labels to keep something for each. */
function reusableName(alg: AsymmetricEncryption, label: Uint8Array): string | undefined {
  return label.length === 0 ? algorithmName(alg) : undefined;
}

/** @param name Of {@linkcode reusableName}. */
function borrowDecryptor(
  loaded: AsymmetricKey,
  name: string | undefined,
  make: (key: PKey) => Decryptor,
): Loan<Decryptor> {
  if (name !== undefined) return loaded.borrow(name, make);
  const item = make(loaded.key);
  return { item, [Symbol.dispose]: () => item[Symbol.dispose]() };
}

function checkKey(
  { attributes: { type } }: Key,
  alg: AsymmetricEncryption,
  label: Uint8Array,
): void {
  if (type.kind !== "rsa_key_pair" && type.kind !== "rsa_public_key") {
    throw invalidArgument(`Cannot use ${alg.kind} with a key of type ${type.kind}`);
  }
  if (alg.kind === "rsa_pkcs1v15_crypt" && label.length > 0) {
    throw invalidArgument(`Cannot use ${alg.kind} with a label`);
  }
}

function checkCiphertext({ attributes: { type, bits } }: Key, ciphertext: Uint8Array): void {
  if (isPublicKey(type)) throw invalidArgument("Cannot decrypt: found a public key, wanted a pair");
  if (ciphertext.length !== bits / 8) {
    throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: wanted ${bits / 8}`);
  }
}
