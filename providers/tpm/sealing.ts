/**
 * AES on the host, by `node:crypto`, which is in the runtime: GCM for the auth values at rest (NIST SP 800-38D),
 * CFB (NIST SP 800-38A), which it lacks, for keys on their way into the TPM.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";

/** Bytes: of a key of AES-256-GCM, its nonce and its tag. */
export const SEALING_KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const GCM = "aes-256-gcm";

/** Bytes of a key of AES-128-CFB. */
export const WRAPPING_KEY_LENGTH = 16;
const BLOCK_CIPHER = "aes-128-ecb";
const BLOCK_LENGTH = 16;

/**
 * Encrypts under a random nonce.
 *
 * @param context What the ciphertext is bound to.
 * @returns Nonce, ciphertext and tag.
 */
export function seal(
  key: Uint8Array,
  context: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
  const cipher = createCipheriv(GCM, key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(context);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  const sealed = new Uint8Array(NONCE_LENGTH + ciphertext.length + TAG_LENGTH);
  sealed.set(nonce);
  sealed.set(ciphertext, NONCE_LENGTH);
  sealed.set(cipher.getAuthTag(), NONCE_LENGTH + ciphertext.length);
  return sealed;
}

/** @returns The plaintext, for the caller to zero; `undefined` if anything was changed. */
export function unseal(
  key: Uint8Array,
  context: Uint8Array,
  sealed: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  if (sealed.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
  const nonce = sealed.subarray(0, NONCE_LENGTH);
  const decipher = createDecipheriv(GCM, key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
  const plaintext = new Uint8Array(decipher.update(sealed.subarray(NONCE_LENGTH, -TAG_LENGTH)));
  try {
    decipher.final();
  } catch {
    // The one reason for which GCM's last step fails: the tag doesn't fit.
    plaintext.fill(0);
    return undefined;
  }
  return plaintext;
}

/** Encrypts under a key of one use: CFB from a zero vector (TPM 2.0 Library, part 1, section 23.3.2.3). */
export function wrap(key: Uint8Array, plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
  const cipher = createCipheriv(BLOCK_CIPHER, key, null).setAutoPadding(false);
  const wrapped = new Uint8Array(plaintext);
  let previous = new Uint8Array(BLOCK_LENGTH);
  for (let at = 0; at < wrapped.length; at += BLOCK_LENGTH) {
    const stream = cipher.update(previous);
    const block = wrapped.subarray(at, at + BLOCK_LENGTH);
    block.forEach((byte, i) => block[i] = byte ^ (stream[i] ?? 0));
    previous = block;
  }
  return wrapped;
}
