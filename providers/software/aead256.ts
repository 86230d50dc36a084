/**
 * AES-256-GCM, as the key store needs it (NIST SP 800-38D).
 *
 * A seam: this implementation is `node:crypto`'s, which is in the runtime.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";

/** Bytes. */
export const AEAD_KEY_LENGTH = 32;
/** Bytes; random nonces are safe for far more keys than a store holds. */
export const AEAD_NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

export interface Aead256 {
  /** @returns The ciphertext, as long as the plaintext, and the 16-byte tag. */
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** @returns The plaintext, for the caller to zero; `undefined` if anything was changed. */
  open(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    sealed: Uint8Array,
  ): Uint8Array | undefined;
}

const ALGORITHM = "aes-256-gcm";

export const runtimeAead: Aead256 = {
  seal(key, nonce, aad, plaintext) {
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_LENGTH });
    cipher.setAAD(aad);
    const sealed = new Uint8Array(plaintext.length + TAG_LENGTH);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },

  open(key, nonce, aad, sealed) {
    if (nonce.length !== AEAD_NONCE_LENGTH || sealed.length < TAG_LENGTH) return undefined;
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
    const plaintext = decipher.update(sealed.subarray(0, -TAG_LENGTH));
    try {
      decipher.final();
    } catch {
      // The one reason for which GCM's last step fails: the tag doesn't fit.
      plaintext.fill(0);
      return undefined;
    }
    return plaintext;
  },
};
