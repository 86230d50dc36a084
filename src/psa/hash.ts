/**
 * Hash algorithms (PSA Crypto API 1.0, "Hash algorithms"). The numbers are those of the contract's enum
 * `psa_algorithm.Algorithm.Hash`, whose 0 ("none") is not a value a request may use.
 */
export const Hash = {
  Md2: 1,
  Md4: 2,
  Md5: 3,
  Ripemd160: 4,
  Sha1: 5,
  Sha224: 6,
  Sha256: 7,
  Sha384: 8,
  Sha512: 9,
  Sha512_224: 10,
  Sha512_256: 11,
  Sha3_224: 12,
  Sha3_256: 13,
  Sha3_384: 14,
  Sha3_512: 15,
} as const;
export type Hash = typeof Hash[keyof typeof Hash];

/** A hash, or "any": the wildcard that only a key's policy may hold. */
export type HashOrAny = Hash | "any";

interface HashFacts {
  /** As PSA spells it, for people: `SHA-256`. */
  readonly name: string;
  /** Output size, bytes. */
  readonly length: number;
}

const FACTS: ReadonlyMap<number, HashFacts> = new Map<Hash, HashFacts>([
  [Hash.Md2, { name: "MD2", length: 16 }],
  [Hash.Md4, { name: "MD4", length: 16 }],
  [Hash.Md5, { name: "MD5", length: 16 }],
  [Hash.Ripemd160, { name: "RIPEMD-160", length: 20 }],
  [Hash.Sha1, { name: "SHA-1", length: 20 }],
  [Hash.Sha224, { name: "SHA-224", length: 28 }],
  [Hash.Sha256, { name: "SHA-256", length: 32 }],
  [Hash.Sha384, { name: "SHA-384", length: 48 }],
  [Hash.Sha512, { name: "SHA-512", length: 64 }],
  [Hash.Sha512_224, { name: "SHA-512/224", length: 28 }],
  [Hash.Sha512_256, { name: "SHA-512/256", length: 32 }],
  [Hash.Sha3_224, { name: "SHA3-224", length: 28 }],
  [Hash.Sha3_256, { name: "SHA3-256", length: 32 }],
  [Hash.Sha3_384, { name: "SHA3-384", length: 48 }],
  [Hash.Sha3_512, { name: "SHA3-512", length: 64 }],
]);

export function isHash(code: number): code is Hash {
  return FACTS.has(code);
}

function facts(hash: Hash): HashFacts {
  const found = FACTS.get(hash);
  if (found === undefined) throw new RangeError(`Unknown hash ${hash}`);
  return found;
}

/** Output size of a hash, bytes. */
export function hashLength(hash: Hash): number {
  return facts(hash).length;
}

export function hashName(hash: HashOrAny): string {
  return hash === "any" ? "any" : facts(hash).name;
}
