/**
 * Which algorithms make sense with which key types (PSA Crypto API 1.0, "Key types": the "compatible
 * algorithms" of each type). Whether a provider serves the pair is another question.
 */
import { AeadMode, Agreement, type Algorithm, CipherMode } from "./algorithm.ts";
import { EccFamily, type KeyType, type KeyTypeKind } from "./key_type.ts";

type Compatible = (algorithm: Algorithm) => boolean;

const isHmac: Compatible = ({ kind }) => kind === "hmac";
const isBlockMac: Compatible = ({ kind }) => kind === "cbc_mac" || kind === "cmac";
const isStream: Compatible = (algorithm) =>
  algorithm.kind === "cipher" && algorithm.mode === CipherMode.StreamCipher;
const isBlockMode: Compatible = (algorithm) =>
  algorithm.kind === "cipher" && algorithm.mode !== CipherMode.StreamCipher;
const isBlockAead: Compatible = (algorithm) =>
  algorithm.kind === "aead" && algorithm.mode !== AeadMode.ChaCha20Poly1305;
const isChaChaPoly: Compatible = (algorithm) =>
  algorithm.kind === "aead" && algorithm.mode === AeadMode.ChaCha20Poly1305;
const isDerivation: Compatible = ({ kind }) =>
  kind === "hkdf" || kind === "tls12_prf" || kind === "tls12_psk_to_ms";
const isRsa: Compatible = ({ kind }) => kind.startsWith("rsa_");
const isEcdsa: Compatible = ({ kind }) =>
  kind === "ecdsa" || kind === "ecdsa_any" || kind === "deterministic_ecdsa";
const isAgreement = (agreement: Agreement): Compatible => (algorithm) =>
  (algorithm.kind === "raw_key_agreement" || algorithm.kind === "key_agreement_with_derivation") &&
  algorithm.agreement === agreement;

const anyOf = (...members: readonly Compatible[]): Compatible => (algorithm) =>
  members.some((member) => member(algorithm));
const nothing: Compatible = () => false;

const blockCipher = anyOf(isBlockMac, isBlockMode, isBlockAead);
const ecc = anyOf(isEcdsa, isAgreement(Agreement.Ecdh));
const dh = isAgreement(Agreement.Ffdh);

/** X25519 and X448 only agree (RFC 7748). */
function onlyAgrees(type: KeyType): boolean {
  return (type.kind === "ecc_key_pair" || type.kind === "ecc_public_key") &&
    type.family === EccFamily.Montgomery;
}

const COMPATIBLE: { readonly [K in KeyTypeKind]: Compatible } = {
  raw_data: nothing,
  hmac: isHmac,
  derive: isDerivation,
  aes: blockCipher,
  camellia: blockCipher,
  des: anyOf(isBlockMac, isBlockMode),
  arc4: isStream,
  chacha20: anyOf(isStream, isChaChaPoly),
  rsa_public_key: isRsa,
  rsa_key_pair: isRsa,
  ecc_public_key: ecc,
  ecc_key_pair: ecc,
  dh_public_key: dh,
  dh_key_pair: dh,
};

/** Whether PSA lets a key of this type be used with the algorithm; never for "none". */
export function isCompatible(algorithm: Algorithm, type: KeyType): boolean {
  if (isEcdsa(algorithm) && onlyAgrees(type)) return false;
  return COMPATIBLE[type.kind](algorithm);
}
