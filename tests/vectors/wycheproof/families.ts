/** Which files of the crate are taken, and what of them: one family an output file. */
import { ecPrivateKey, pointOn, privateKeyDer } from "./key_formats.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Family {
  /** Names without `_test.json`. */
  readonly files: readonly string[];
  /** The fields of a group to keep; `undefined` leaves it out. */
  readonly group: (fields: Fields) => Fields | undefined;
  readonly test: (fields: Fields, group: Fields) => Fields | undefined;
}

const SHA2 = ["sha256", "sha384", "sha512"] as const;
const withHashes = (prefix: string, ...hashes: readonly string[]) =>
  hashes.map((hash) => `${prefix}_${hash}`);

/** Every test has these. */
const COMMON = ["tcId", "comment", "flags", "result"];
/** No group needs these: other forms of the key, and where it is from. */
const OTHER_FORMS = [
  ...["source", "publicKeyAsn", "publicKeyDer", "publicKeyPem", "publicKeyJwk", "keyJwk"],
  ...["privateKeyJwk", "privateKeyPem", "privateKeyPkcs8", "privateKey", "publicKey"],
];

/** @throws {TypeError} If there is a field that is neither kept nor known to be of no use. */
function pick(fields: Fields, kept: readonly string[], dropped: readonly string[] = []): Fields {
  for (const name of Object.keys(fields)) {
    if (!kept.includes(name) && !dropped.includes(name)) throw new TypeError(`Field ${name}`);
  }
  return Object.fromEntries(kept.map((name) => [name, fields[name]]));
}

const test = (...names: readonly string[]) => (fields: Fields) =>
  pick(fields, [...COMMON, ...names]);

const rsaPublic = (...names: readonly string[]) => (fields: Fields): Fields => ({
  ...pick(fields, [...names, "keySize"], [...OTHER_FORMS, "type", "mgf"]),
  key: fields.publicKeyAsn,
});

/** Importing a larger key pair takes seconds. */
const LARGEST_RSA_BITS = 4096;

/** OAEP with one hash for both purposes is all that PSA has. */
const rsaPrivate = (...names: readonly string[]) => (fields: Fields): Fields | undefined =>
  fields.sha !== fields.mgfSha || Number(fields.keySize) > LARGEST_RSA_BITS ? undefined : {
    ...pick(fields, [...names, "keySize"], [...OTHER_FORMS, "type", "mgf", "mgfSha"]),
    key: privateKeyDer(fields.privateKey as Parameters<typeof privateKeyDer>[0]),
  };

const symmetric = (...names: readonly string[]) => (fields: Fields) =>
  pick(fields, [...names, "keySize"], ["source", "type"]);

const P1363_CURVES: readonly (readonly [string, readonly string[]])[] = [
  ["secp160r2", ["sha256"]],
  ["secp192k1", ["sha256"]],
  ["secp192r1", ["sha256"]],
  ["secp224k1", ["sha224", "sha256"]],
  ["secp224r1", ["sha224", "sha256", "sha512"]],
  ["secp256k1", ["sha256", "sha512"]],
  ["secp256r1", ["sha256", "sha512"]],
  ["secp384r1", ["sha384", "sha512"]],
  ["secp521r1", ["sha512"]],
  ["brainpoolP224r1", ["sha224"]],
  ["brainpoolP256r1", ["sha256"]],
  ["brainpoolP320r1", ["sha384"]],
  ["brainpoolP384r1", ["sha384"]],
  ["brainpoolP512r1", ["sha512"]],
];

export const FAMILIES: Readonly<Record<string, Family>> = {
  rsa_pkcs1v15_sign: {
    files: [
      ...withHashes("rsa_signature_2048", "sha224", ...SHA2, "sha512_224", "sha512_256"),
      ...withHashes("rsa_signature_2048", "sha3_224", "sha3_256", "sha3_384", "sha3_512"),
      ...withHashes("rsa_signature_3072", ...SHA2, "sha512_256"),
      ...withHashes("rsa_signature_3072", "sha3_256", "sha3_384", "sha3_512"),
      ...withHashes("rsa_signature_4096", ...SHA2, "sha512_256"),
      ...withHashes("rsa_signature_8192", ...SHA2),
    ],
    group: rsaPublic("sha"),
    test: test("msg", "sig"),
  },
  rsa_pss: {
    files: [
      ...["2048_sha1_mgf1_20", "2048_sha256_mgf1_0", "2048_sha256_mgf1_32"],
      ...["2048_sha256_mgf1sha1_20", "2048_sha384_mgf1_48", "2048_sha512_224_mgf1_28"],
      ...["2048_sha512_256_mgf1_32", "3072_sha256_mgf1_32", "4096_sha256_mgf1_32"],
      ...["4096_sha384_mgf1_48", "4096_sha512_mgf1_32", "4096_sha512_mgf1_64", "misc"],
    ].map((name) => `rsa_pss_${name}`),
    group: rsaPublic("sha", "mgfSha", "sLen"),
    test: test("msg", "sig"),
  },
  rsa_oaep: {
    files: [
      ...["2048_sha1_mgf1sha1", "2048_sha224_mgf1sha224", "2048_sha256_mgf1sha256"],
      ...["2048_sha384_mgf1sha384", "2048_sha512_mgf1sha512"],
      ...["2048_sha512_224_mgf1sha512_224", "3072_sha256_mgf1sha256", "3072_sha512_mgf1sha512"],
      ...["3072_sha512_256_mgf1sha512_256", "4096_sha256_mgf1sha256"],
      ...["4096_sha512_mgf1sha512", "misc"],
    ].map((name) => `rsa_oaep_${name}`),
    group: rsaPrivate("sha"),
    test: test("msg", "ct", "label"),
  },
  rsa_pkcs1v15_crypt: {
    files: ["rsa_pkcs1_2048", "rsa_pkcs1_3072"],
    group: rsaPrivate(),
    test: test("msg", "ct"),
  },
  ecdsa: {
    files: P1363_CURVES.flatMap(([curve, hashes]) =>
      withHashes(`ecdsa_${curve}`, ...hashes).map((name) => `${name}_p1363`)
    ),
    group: (fields) => {
      const { curve, uncompressed } = fields.publicKey as Readonly<Record<string, string>>;
      return { ...pick(fields, ["sha"], [...OTHER_FORMS, "type"]), curve, key: uncompressed };
    },
    test: test("msg", "sig"),
  },
  ecdh: {
    files: [
      ...["secp224r1", "secp256r1", "secp384r1", "secp521r1"].map((name) => `ecdh_${name}_ecpoint`),
      ...["secp256k1", "brainpoolP224r1", "brainpoolP256r1"].map((name) => `ecdh_${name}`),
      ...["brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1"].map((name) => `ecdh_${name}`),
      ...["x25519", "x448"],
    ],
    group: (fields) => pick(fields, ["curve"], ["encoding", "source", "type"]),
    test: (fields, { curve, encoding }) => {
      const kept = pick(fields, [...COMMON, "public", "private", "shared"]);
      const peer = encoding === "asn" ? pointOn(String(curve), String(kept.public)) : kept.public;
      if (peer === undefined) return undefined;
      return { ...kept, public: peer, private: ecPrivateKey(String(curve), String(kept.private)) };
    },
  },
  aead: {
    files: ["aes_gcm", "aes_ccm", "camellia_ccm", "chacha20_poly1305"],
    group: symmetric("ivSize", "tagSize"),
    test: test("key", "iv", "aad", "msg", "ct", "tag"),
  },
  cipher: {
    files: ["aes_cbc_pkcs5", "camellia_cbc_pkcs5", "aes_xts"],
    group: symmetric("ivSize"),
    test: test("key", "iv", "msg", "ct"),
  },
  mac: {
    files: [
      ...withHashes("hmac", "sha1", "sha224", ...SHA2, "sha512_224", "sha512_256"),
      ...withHashes("hmac", "sha3_224", "sha3_256", "sha3_384", "sha3_512"),
      ...["aes_cmac", "camellia_cmac"],
    ],
    group: symmetric("tagSize"),
    test: test("key", "msg", "tag"),
  },
  hkdf: {
    files: withHashes("hkdf", "sha1", ...SHA2),
    group: symmetric(),
    test: test("ikm", "salt", "info", "size", "okm"),
  },
};
