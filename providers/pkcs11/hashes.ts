/** Hashes: what PKCS#11 and libcrypto call them in each of their uses. */
import { CKG, CKM } from "../../ffi/pkcs11/mod.ts";
import { Hash, hashLength, type HashOrAny } from "../../src/psa/hash.ts";

export interface HashRow {
  readonly hash: Hash;
  /** Name in libcrypto, which hashes the messages that are signed. */
  readonly name: string;
  /** CKM_* of the digest; also names the hash in the parameters of PSS and OAEP. */
  readonly digest: number;
  readonly hmac: number;
  /** HMAC cut to a length that is its parameter. */
  readonly hmacGeneral: number;
  /** CKG_* of MGF1 with the hash. */
  readonly mgf?: number;
  /** PSS on messages with the hash: a token that lists it knows the hash for PSS. */
  readonly pss?: number;
  /** The object identifier in DER, for the DigestInfo of PKCS#1 v1.5 (RFC 8017, appendix B.1). */
  readonly oid: string;
}

export const HASH_ROWS: readonly HashRow[] = [
  {
    hash: Hash.Md5,
    name: "MD5",
    digest: CKM.MD5,
    hmac: CKM.MD5_HMAC,
    hmacGeneral: CKM.MD5_HMAC_GENERAL,
    oid: "06082a864886f70d0205",
  },
  {
    hash: Hash.Ripemd160,
    name: "RIPEMD160",
    digest: CKM.RIPEMD160,
    hmac: CKM.RIPEMD160_HMAC,
    hmacGeneral: CKM.RIPEMD160_HMAC_GENERAL,
    oid: "06052b24030201",
  },
  {
    hash: Hash.Sha1,
    name: "SHA1",
    digest: CKM.SHA_1,
    hmac: CKM.SHA_1_HMAC,
    hmacGeneral: CKM.SHA_1_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA1,
    pss: CKM.SHA1_RSA_PKCS_PSS,
    oid: "06052b0e03021a",
  },
  {
    hash: Hash.Sha224,
    name: "SHA2-224",
    digest: CKM.SHA224,
    hmac: CKM.SHA224_HMAC,
    hmacGeneral: CKM.SHA224_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA224,
    pss: CKM.SHA224_RSA_PKCS_PSS,
    oid: "0609608648016503040204",
  },
  {
    hash: Hash.Sha256,
    name: "SHA2-256",
    digest: CKM.SHA256,
    hmac: CKM.SHA256_HMAC,
    hmacGeneral: CKM.SHA256_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA256,
    pss: CKM.SHA256_RSA_PKCS_PSS,
    oid: "0609608648016503040201",
  },
  {
    hash: Hash.Sha384,
    name: "SHA2-384",
    digest: CKM.SHA384,
    hmac: CKM.SHA384_HMAC,
    hmacGeneral: CKM.SHA384_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA384,
    pss: CKM.SHA384_RSA_PKCS_PSS,
    oid: "0609608648016503040202",
  },
  {
    hash: Hash.Sha512,
    name: "SHA2-512",
    digest: CKM.SHA512,
    hmac: CKM.SHA512_HMAC,
    hmacGeneral: CKM.SHA512_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA512,
    pss: CKM.SHA512_RSA_PKCS_PSS,
    oid: "0609608648016503040203",
  },
  {
    hash: Hash.Sha512_224,
    name: "SHA2-512/224",
    digest: CKM.SHA512_224,
    hmac: CKM.SHA512_224_HMAC,
    hmacGeneral: CKM.SHA512_224_HMAC_GENERAL,
    oid: "0609608648016503040205",
  },
  {
    hash: Hash.Sha512_256,
    name: "SHA2-512/256",
    digest: CKM.SHA512_256,
    hmac: CKM.SHA512_256_HMAC,
    hmacGeneral: CKM.SHA512_256_HMAC_GENERAL,
    oid: "0609608648016503040206",
  },
  {
    hash: Hash.Sha3_224,
    name: "SHA3-224",
    digest: CKM.SHA3_224,
    hmac: CKM.SHA3_224_HMAC,
    hmacGeneral: CKM.SHA3_224_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA3_224,
    pss: CKM.SHA3_224_RSA_PKCS_PSS,
    oid: "0609608648016503040207",
  },
  {
    hash: Hash.Sha3_256,
    name: "SHA3-256",
    digest: CKM.SHA3_256,
    hmac: CKM.SHA3_256_HMAC,
    hmacGeneral: CKM.SHA3_256_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA3_256,
    pss: CKM.SHA3_256_RSA_PKCS_PSS,
    oid: "0609608648016503040208",
  },
  {
    hash: Hash.Sha3_384,
    name: "SHA3-384",
    digest: CKM.SHA3_384,
    hmac: CKM.SHA3_384_HMAC,
    hmacGeneral: CKM.SHA3_384_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA3_384,
    pss: CKM.SHA3_384_RSA_PKCS_PSS,
    oid: "0609608648016503040209",
  },
  {
    hash: Hash.Sha3_512,
    name: "SHA3-512",
    digest: CKM.SHA3_512,
    hmac: CKM.SHA3_512_HMAC,
    hmacGeneral: CKM.SHA3_512_HMAC_GENERAL,
    mgf: CKG.MGF1_SHA3_512,
    pss: CKM.SHA3_512_RSA_PKCS_PSS,
    oid: "060960864801650304020a",
  },
];

const BY_HASH: ReadonlyMap<HashOrAny, HashRow> = new Map(HASH_ROWS.map((row) => [row.hash, row]));

export function hashRow(hash: HashOrAny): HashRow | undefined {
  return BY_HASH.get(hash);
}

const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;
const NULL = Uint8Array.of(0x05, 0x00);

/**
 * What PKCS#1 v1.5 signs: the DER of DigestInfo (RFC 8017, section 9.2).
 *
 * @param digest As long as the hash.
 */
export function digestInfo({ hash, oid }: HashRow, digest: Uint8Array): Uint8Array<ArrayBuffer> {
  const identifier = Uint8Array.fromHex(oid);
  const algorithmLength = identifier.length + NULL.length;
  const length = 2 + algorithmLength + 2 + hashLength(hash);
  const info = new Uint8Array(2 + length);
  info.set([SEQUENCE, length, SEQUENCE, algorithmLength]);
  info.set(identifier, 4);
  info.set(NULL, 4 + identifier.length);
  info.set([OCTET_STRING, digest.length], 4 + algorithmLength);
  info.set(digest, 6 + algorithmLength);
  return info;
}
