/**
 * Algorithms of key policies as people write them: `ecdsa-sha256`, or as `list-keys` prints them,
 * `AsymmetricSignature(Ecdsa { hash_alg: Specific(Sha256) })`.
 */
import { AeadMode, Agreement, type Algorithm, CipherMode } from "../psa/algorithm.ts";
import { Hash, type HashOrAny } from "../psa/hash.ts";
import { displayAlgorithm } from "./psa_display.ts";

type Row = readonly [name: string, algorithm: Algorithm];

const HASHES = [
  ["sha1", Hash.Sha1],
  ["sha224", Hash.Sha224],
  ["sha256", Hash.Sha256],
  ["sha384", Hash.Sha384],
  ["sha512", Hash.Sha512],
  ["sha3-256", Hash.Sha3_256],
  ["sha3-384", Hash.Sha3_384],
  ["sha3-512", Hash.Sha3_512],
] as const satisfies readonly (readonly [string, Hash])[];

function eachHash(name: string, make: (hash: Hash) => Algorithm): readonly Row[] {
  return HASHES.map(([hashName, hash]) => [`${name}-${hashName}`, make(hash)]);
}

/** A policy for signatures may leave the hash open. */
function eachHashOrAny(name: string, make: (hash: HashOrAny) => Algorithm): readonly Row[] {
  return [...eachHash(name, make), [`${name}-any`, make("any")]];
}

const ROWS: readonly Row[] = [
  ...eachHashOrAny("ecdsa", (hash) => ({ kind: "ecdsa", hash })),
  ...eachHashOrAny("rsa-pss", (hash) => ({ kind: "rsa_pss", hash })),
  ...eachHashOrAny("rsa-pkcs1", (hash) => ({ kind: "rsa_pkcs1v15_sign", hash })),
  ...eachHash("rsa-oaep", (hash) => ({ kind: "rsa_oaep", hash })),
  ["rsa-pkcs1-crypt", { kind: "rsa_pkcs1v15_crypt" }],
  ["ecdh", { kind: "raw_key_agreement", agreement: Agreement.Ecdh }],
  ...eachHash("hmac", (hash) => ({ kind: "hmac", hash })),
  ["cmac", { kind: "cmac" }],
  ["gcm", { kind: "aead", mode: AeadMode.Gcm }],
  ["ccm", { kind: "aead", mode: AeadMode.Ccm }],
  ["chacha20-poly1305", { kind: "aead", mode: AeadMode.ChaCha20Poly1305 }],
  ["ctr", { kind: "cipher", mode: CipherMode.Ctr }],
  ["cfb", { kind: "cipher", mode: CipherMode.Cfb }],
  ["ofb", { kind: "cipher", mode: CipherMode.Ofb }],
  ["cbc", { kind: "cipher", mode: CipherMode.CbcNoPadding }],
  ["cbc-pkcs7", { kind: "cipher", mode: CipherMode.CbcPkcs7 }],
  ["ecb", { kind: "cipher", mode: CipherMode.EcbNoPadding }],
];

const BY_NAME: ReadonlyMap<string, Algorithm> = new Map(ROWS.flatMap(([name, algorithm]) => [
  [name, algorithm],
  [displayAlgorithm(algorithm), algorithm],
]));

/** For help: how the names are made. */
export const ALGORITHM_NAMES =
  "ecdsa-HASH, rsa-pss-HASH, rsa-pkcs1-HASH (signatures), rsa-oaep-HASH, rsa-pkcs1-crypt " +
  "(encryption), ecdh, hmac-HASH, cmac, gcm, ccm, chacha20-poly1305, ctr, cfb, ofb, cbc, cbc-pkcs7, " +
  "ecb; HASH is sha256, sha384, sha512, sha1, sha224, sha3-256, sha3-384 or sha3-512, for " +
  "signatures any too";

/** @throws {RangeError} */
export function parseAlgorithm(text: string): Algorithm {
  const algorithm = BY_NAME.get(text) ?? BY_NAME.get(text.toLowerCase());
  if (algorithm !== undefined) return algorithm;
  throw new RangeError("an algorithm wanted, for example ecdsa-sha256 or rsa-pss-sha256");
}
