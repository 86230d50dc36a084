/** PsaAeadEncrypt and PsaAeadDecrypt: the tag follows the ciphertext, as tokens have it. */
import { CKF, decrypt, encrypt, type Mechanism } from "../../ffi/pkcs11/mod.ts";
import { type Aead, AEAD_TAG_LENGTH, AeadMode } from "../../src/psa/algorithm.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { alike } from "./decryption_failure.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, wrongAnswer } from "./refusals.ts";

/** bytes */
interface Limits {
  readonly tagLengths: readonly number[];
  readonly minNonce: number;
  readonly maxNonce: number;
}

/** NIST SP 800-38C and 800-38D, RFC 8439. */
const LIMITS: { readonly [M in AeadMode]: Limits } = {
  [AeadMode.Ccm]: { tagLengths: [4, 6, 8, 10, 12, 14, 16], minNonce: 7, maxNonce: 13 },
  [AeadMode.Gcm]: { tagLengths: [4, 8, 12, 13, 14, 15, 16], minNonce: 1, maxNonce: 256 },
  [AeadMode.ChaCha20Poly1305]: { tagLengths: [16], minNonce: 12, maxNonce: 12 },
};

interface Message {
  readonly alg: Aead;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
}

export function aeadPrimitives(
  { token, registry }: Engine,
): Required<Pick<Primitives, "PsaAeadEncrypt" | "PsaAeadDecrypt">> {
  const mechanismFor = (key: Key, message: Message, dataLength: number, use: number): Mechanism => {
    const type = registry.mechanism(message.alg, key.attributes, use);
    return { type, parameter: parameter(message, dataLength) };
  };
  return {
    async PsaAeadEncrypt(key, message) {
      const { plaintext, alg } = message;
      const mechanism = mechanismFor(key, message, plaintext.length, CKF.ENCRYPT);
      const most = plaintext.length + tagLengthOf(alg);
      const ciphertext = await token.use(async ({ session, objects }) => {
        const object = await objects.find(session, key.id, "SECRET_KEY");
        return await encrypt(session, { mechanism, key: object, data: plaintext, most });
      });
      if (ciphertext.length === most) return { ciphertext };
      throw wrongAnswer(`Cannot encrypt: found ${ciphertext.length} bytes, wanted ${most}`);
    },
    async PsaAeadDecrypt(key, message) {
      const { ciphertext, alg } = message;
      const length = ciphertext.length - tagLengthOf(alg);
      if (length < 0) {
        throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: less than the tag`);
      }
      const mechanism = mechanismFor(key, message, length, CKF.DECRYPT);
      const most = ciphertext.length; // SoftHSM wants room for the tag too
      const plaintext = await alike(
        ResponseStatus.PsaErrorInvalidSignature,
        () =>
          token.use(async ({ session, objects }) => {
            const object = await objects.find(session, key.id, "SECRET_KEY");
            return await decrypt(session, { mechanism, key: object, data: ciphertext, most });
          }),
      );
      if (plaintext.length === length) return { plaintext };
      plaintext.fill(0);
      throw wrongAnswer(`Cannot decrypt: found ${plaintext.length} bytes, wanted ${length}`);
    },
  };
}

function tagLengthOf({ tagLength = AEAD_TAG_LENGTH }: Aead): number {
  return tagLength;
}

/** @throws {StatusError} PsaErrorInvalidArgument */
function parameter({ alg, nonce, additionalData }: Message, dataLength: number) {
  const tagLength = tagLengthOf(alg);
  checkLengths(alg.mode, nonce.length, tagLength);
  switch (alg.mode) {
    case AeadMode.Gcm:
      return { kind: "gcm", nonce, additionalData, tagLength } as const;
    case AeadMode.Ccm:
      checkMessageLength(nonce.length, dataLength);
      return { kind: "ccm", nonce, additionalData, tagLength, dataLength } as const;
    case AeadMode.ChaCha20Poly1305:
      return { kind: "chacha20_poly1305", nonce, additionalData } as const;
  }
}

function checkLengths(mode: AeadMode, nonceLength: number, tagLength: number): void {
  const { tagLengths, minNonce, maxNonce } = LIMITS[mode];
  if (!tagLengths.includes(tagLength)) {
    throw invalidArgument(
      `Cannot use a tag of ${tagLength} bytes: wanted ${tagLengths.join(", ")}`,
    );
  }
  if (nonceLength < minNonce || nonceLength > maxNonce) {
    throw invalidArgument(
      `Cannot use a nonce of ${nonceLength} bytes: wanted ${minNonce} to ${maxNonce}`,
    );
  }
}

/** What the nonce leaves of a block counts the bytes of a CCM message (RFC 3610, section 2.1). */
function checkMessageLength(nonceLength: number, length: number): void {
  if (length < 256 ** (15 - nonceLength)) return;
  throw invalidArgument(
    `Cannot use CCM: found ${length} bytes, too many for a nonce of ${nonceLength} bytes`,
  );
}
