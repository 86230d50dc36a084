/** PsaCipherEncrypt and PsaCipherDecrypt: a fresh random IV, where the mode has one, precedes the ciphertext. */
import { crypt, type CryptParameters, fillRandom } from "../../ffi/libcrypto/mod.ts";
import { freshBytes } from "../../ffi/runtime/buffer.ts";
import type { Cipher as CipherAlgorithm } from "../../src/psa/algorithm.ts";
import { andThen } from "../../src/maybe_promise.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { cipherWork } from "./bulk.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument } from "./refusals.ts";
import type { AvailableCipher } from "./available.ts";

export function cipherPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaCipherEncrypt" | "PsaCipherDecrypt">> {
  const { library, registry, cache } = engine;
  const cipherFor = ({ attributes: { type, bits } }: Key, alg: CipherAlgorithm) =>
    registry.cipher(alg, type, bits);
  const parameters = (
    key: Key,
    { cipher, row }: AvailableCipher,
    iv: Uint8Array,
  ): CryptParameters => ({
    cipher,
    key: cache.symmetric(key).expose(),
    iv: libraryIv(iv, cipher.ivLength),
    padding: row.padding ?? "none",
  });
  return {
    PsaCipherEncrypt(key, { alg, plaintext }) {
      const found = cipherFor(key, alg);
      if (found.row.padding === undefined) checkLength(found, plaintext.length);
      const { ivLength } = found.row;
      const message = freshBytes(ivLength + plaintext.length + found.cipher.blockLength);
      const iv = message.subarray(0, ivLength);
      fillRandom(library, iv);
      const output = message.subarray(ivLength);
      const encrypted = cipherWork(
        engine,
        plaintext.length,
        (context) => crypt(context, parameters(key, found, iv), "encrypt", plaintext, output),
      );
      return andThen(encrypted, (written) => {
        if (written === undefined) throw invalidArgument("Cannot encrypt: libcrypto refused");
        return { ciphertext: message.subarray(0, ivLength + written) };
      });
    },
    PsaCipherDecrypt(key, { alg, ciphertext }) {
      const found = cipherFor(key, alg);
      const { ivLength } = found.row;
      if (ciphertext.length < ivLength) {
        throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: less than the IV`);
      }
      const iv = ciphertext.subarray(0, ivLength);
      const input = ciphertext.subarray(ivLength);
      checkLength(found, input.length);
      const output = freshBytes(input.length + found.cipher.blockLength);
      const decrypted = cipherWork(
        engine,
        input.length,
        (context) => crypt(context, parameters(key, found, iv), "decrypt", input, output),
      );
      return andThen(decrypted, (written) => {
        if (written !== undefined) return { plaintext: output.subarray(0, written) };
        // XTS takes 16 MiB at most.
        if (found.row.padding === undefined) {
          throw invalidArgument("Cannot decrypt: libcrypto refused");
        }
        throw new StatusError(ResponseStatus.PsaErrorInvalidPadding, "Cannot decrypt: bad padding");
      });
    },
  };
}

/** ChaCha20 in libcrypto takes its block counter, which starts at 0, before the nonce. */
function libraryIv(iv: Uint8Array, length: number): Uint8Array {
  if (iv.length === length) return iv;
  const whole = new Uint8Array(length);
  whole.set(iv, length - iv.length);
  return whole;
}

/** @param length Of what is encrypted without padding, or decrypted; bytes. */
function checkLength({ cipher, row }: AvailableCipher, length: number): void {
  const { minLength = 0 } = row;
  if (length >= minLength && length % cipher.blockLength === 0) return;
  throw invalidArgument(
    `Cannot use this cipher mode: found ${length} bytes, ` +
      `wanted at least ${minLength} and a multiple of ${cipher.blockLength}`,
  );
}
