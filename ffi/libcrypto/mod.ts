/** libcrypto (OpenSSL 3) for TypeScript: objects that own what they hold, errors that say what failed. */
export type { Aead, AeadParameters } from "./aead.ts";
export { KeyAgreement } from "./agreement.ts";
export { CamelliaAead } from "./camellia_aead.ts";
export { cbcMac } from "./cbc_mac.ts";
export { Cipher, CipherContext, type CipherWork } from "./cipher.ts";
export { equalConstantTime } from "./compare.ts";
export { crypt, type CryptParameters } from "./crypt.ts";
export type { Curve } from "./curve.ts";
export { readUnsignedSequence, writeUnsignedSequence } from "./der.ts";
export { DH_AGREEMENT, DhGroup } from "./dh_group.ts";
export { Digest } from "./digest.ts";
export { ecdsaDerToRaw, ecdsaRawToDer } from "./ecdsa_signature.ts";
export { EvpAead } from "./evp_aead.ts";
export { Decryptor, encrypt, Encryptor, rejectsImplicitly } from "./encryption.ts";
export { OpensslError } from "./errors.ts";
export { isSoundPublicKey } from "./key_check.ts";
export { Kdf } from "./kdf.ts";
export { DEFAULT_LIBCRYPTO, type Libcrypto, openLibcrypto, withLegacyProvider } from "./library.ts";
export { MacAlgorithm } from "./mac.ts";
export { MontgomeryCurve, type MontgomeryName } from "./montgomery_curve.ts";
export type { Param } from "./params.ts";
export { removeOaepPadding } from "./oaep.ts";
export { hasKeyType, PKey } from "./pkey.ts";
export { fillRandom, MAX_RANDOM_LENGTH, randomBytes, secretRandomBytes } from "./random.ts";
export { isSoundKeyPair } from "./rsa_check.ts";
export {
  generateRsaKey,
  readRsaPrivateKey,
  readRsaPublicKey,
  RSA_KEY_TYPE,
  writeRsaPrivateKey,
  writeRsaPublicKey,
} from "./rsa_key.ts";
export type { MemoryProtection, SecureMemory } from "./secure_memory.ts";
export { hasSigningParam, Signer, Verifier } from "./signing.ts";
export { WeierstrassCurve } from "./weierstrass_curve.ts";
