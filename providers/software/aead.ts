/** PsaAeadEncrypt and PsaAeadDecrypt. */
import { type Aead, AEAD_TAG_LENGTH, AeadMode } from "../../src/psa/algorithm.ts";
import { andThen } from "../../src/maybe_promise.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { AEAD_LIMITS } from "./algorithms.ts";
import { cipherWork } from "./bulk.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, invalidSignature, notSupported } from "./refusals.ts";

interface Message {
  readonly alg: Aead;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
}

export function aeadPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaAeadEncrypt" | "PsaAeadDecrypt">> {
  const { registry, cache } = engine;
  const aeadFor = (key: Key, { alg, nonce, additionalData }: Message) => {
    const { type, bits } = key.attributes;
    const aead = registry.aead(alg, type, bits);
    const tagLength = checkLengths(alg, nonce);
    const secret = cache.symmetric(key).expose();
    return { aead, parameters: { key: secret, nonce, additionalData, tagLength } };
  };
  return {
    PsaAeadEncrypt(key, message) {
      const { plaintext } = message;
      const { aead, parameters } = aeadFor(key, message);
      checkMessageLength(message, plaintext.length);
      const encrypted = cipherWork(
        engine,
        plaintext.length + message.additionalData.length,
        (context) => aead.encrypt(context, parameters, plaintext),
      );
      return andThen(encrypted, (ciphertext) => ({ ciphertext }));
    },
    PsaAeadDecrypt(key, message) {
      const { ciphertext } = message;
      const { aead, parameters } = aeadFor(key, message);
      const length = ciphertext.length - parameters.tagLength;
      if (length < 0) {
        throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: less than the tag`);
      }
      checkMessageLength(message, length);
      const decrypted = cipherWork(
        engine,
        ciphertext.length + message.additionalData.length,
        (context) => aead.decrypt(context, parameters, ciphertext),
      );
      return andThen(decrypted, (plaintext) => {
        if (plaintext === undefined) throw invalidSignature();
        return { plaintext };
      });
    },
  };
}

/** @returns The length of the tag, bytes. @throws {StatusError} PsaErrorInvalidArgument, PsaErrorNotSupported */
function checkLengths(
  { mode, tagLength = AEAD_TAG_LENGTH }: Aead,
  { length }: Uint8Array,
): number {
  const { tagLengths, minNonce, maxNonce, maxServedNonce = maxNonce } = AEAD_LIMITS[mode];
  if (!tagLengths.includes(tagLength)) {
    throw invalidArgument(
      `Cannot use a tag of ${tagLength} bytes: wanted ${tagLengths.join(", ")}`,
    );
  }
  if (length < minNonce || length > maxNonce) {
    throw invalidArgument(
      `Cannot use a nonce of ${length} bytes: wanted ${minNonce} to ${maxNonce}`,
    );
  }
  if (length > maxServedNonce) {
    throw notSupported(
      `Cannot use a nonce of ${length} bytes: libcrypto takes ${maxServedNonce} at most`,
    );
  }
  return tagLength;
}

/** What the nonce leaves of a block counts the bytes of a CCM message (RFC 3610, section 2.1). */
function checkMessageLength({ alg, nonce }: Message, length: number): void {
  if (alg.mode !== AeadMode.Ccm || length < 256 ** (15 - nonce.length)) return;
  throw invalidArgument(
    `Cannot use CCM: found ${length} bytes, too many for a nonce of ${nonce.length} bytes`,
  );
}
