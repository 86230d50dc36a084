/** PsaCipherEncrypt and PsaCipherDecrypt: a fresh random IV, where the mode has one, precedes the ciphertext. */
import { CKF, decrypt, encrypt, type Mechanism } from "../../ffi/pkcs11/mod.ts";
import { type Cipher, CipherMode } from "../../src/psa/algorithm.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { alike } from "./decryption_failure.ts";
import type { Engine } from "./engine.ts";
import { invalidArgument, wrongAnswer } from "./refusals.ts";

/** bytes; also of the IV */
const BLOCK = 16;
const COUNTER_BITS = 128;

/** Modes that take whole blocks only. */
const WHOLE_BLOCKS: ReadonlySet<CipherMode> = new Set([
  CipherMode.EcbNoPadding,
  CipherMode.CbcNoPadding,
]);

export function cipherPrimitives(
  { token, registry }: Engine,
): Required<Pick<Primitives, "PsaCipherEncrypt" | "PsaCipherDecrypt">> {
  const mechanismFor = (key: Key, alg: Cipher, iv: Uint8Array, use: number): Mechanism => {
    const type = registry.mechanism(alg, key.attributes, use);
    return { type, parameter: parameter(alg, iv) };
  };
  return {
    async PsaCipherEncrypt(key, { alg, plaintext }) {
      const iv = crypto.getRandomValues(new Uint8Array(ivLength(alg)));
      const mechanism = mechanismFor(key, alg, iv, CKF.ENCRYPT);
      checkLength(alg, plaintext.length);
      const most = paddedLength(alg, plaintext.length);
      const body = await token.use(async ({ session, objects }) => {
        const object = await objects.find(session, key.id, "SECRET_KEY");
        return await encrypt(session, { mechanism, key: object, data: plaintext, most });
      });
      if (body.length !== most) {
        throw wrongAnswer(`Cannot encrypt: found ${body.length} bytes, wanted ${most}`);
      }
      return { ciphertext: joined(iv, body) };
    },
    async PsaCipherDecrypt(key, { alg, ciphertext }) {
      const start = ivLength(alg);
      if (ciphertext.length < start) {
        throw invalidArgument(`Cannot decrypt ${ciphertext.length} bytes: less than the IV`);
      }
      const mechanism = mechanismFor(key, alg, ciphertext.subarray(0, start), CKF.DECRYPT);
      const data = ciphertext.subarray(start);
      checkEncryptedLength(alg, data.length);
      const plaintext = await alike(
        ResponseStatus.PsaErrorInvalidPadding,
        () =>
          token.use(async ({ session, objects }) => {
            const object = await objects.find(session, key.id, "SECRET_KEY");
            return await decrypt(session, { mechanism, key: object, data, most: data.length });
          }),
      );
      return { plaintext };
    },
  };
}

function ivLength({ mode }: Cipher): number {
  return mode === CipherMode.EcbNoPadding ? 0 : BLOCK;
}

function parameter({ mode }: Cipher, iv: Uint8Array) {
  if (mode === CipherMode.EcbNoPadding) return undefined;
  if (mode !== CipherMode.Ctr) return { kind: "iv", iv } as const;
  return { kind: "ctr", counterBits: COUNTER_BITS, block: iv } as const;
}

function paddedLength({ mode }: Cipher, length: number): number {
  return mode === CipherMode.CbcPkcs7 ? length + BLOCK - length % BLOCK : length;
}

/** @throws {StatusError} PsaErrorInvalidArgument */
function checkLength({ mode }: Cipher, length: number): void {
  if (!WHOLE_BLOCKS.has(mode) || length % BLOCK === 0) return;
  throw invalidArgument(`Cannot encrypt ${length} bytes: wanted whole blocks of ${BLOCK}`);
}

/** @throws {StatusError} PsaErrorInvalidArgument */
function checkEncryptedLength(alg: Cipher, length: number): void {
  const isPadded = alg.mode === CipherMode.CbcPkcs7;
  if (isPadded && length === 0) throw invalidArgument("Cannot decrypt: wanted a block or more");
  if (!isPadded) return checkLength(alg, length);
  if (length % BLOCK === 0) return;
  throw invalidArgument(`Cannot decrypt ${length} bytes: wanted whole blocks of ${BLOCK}`);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
