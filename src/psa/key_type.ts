/**
 * Key types (PSA Crypto API 1.0, "Key types"), as the contract `psa_key_attributes` carries them.
 */

/** Curve families; the numbers are the contract's, whose 0 ("none") no request may use. */
export const EccFamily = {
  SecpK1: 1,
  SecpR1: 2,
  SecpR2: 3,
  SectK1: 4,
  SectR1: 5,
  SectR2: 6,
  BrainpoolPR1: 7,
  Frp: 8,
  Montgomery: 9,
} as const;
export type EccFamily = typeof EccFamily[keyof typeof EccFamily];

const ECC_FAMILIES: ReadonlySet<number> = new Set(Object.values(EccFamily));

export function isEccFamily(code: number): code is EccFamily {
  return ECC_FAMILIES.has(code);
}

/** Diffie-Hellman groups; 0 is a value here, not "none". */
export const DhFamily = { Rfc7919: 0 } as const;
export type DhFamily = typeof DhFamily[keyof typeof DhFamily];

export function isDhFamily(code: number): code is DhFamily {
  return code === DhFamily.Rfc7919;
}

/** The key types that carry nothing but their name. */
export const PLAIN_KEY_TYPES = [
  "raw_data",
  "hmac",
  "derive",
  "aes",
  "des",
  "camellia",
  "arc4",
  "chacha20",
  "rsa_public_key",
  "rsa_key_pair",
] as const;
export type PlainKeyType = typeof PLAIN_KEY_TYPES[number];

export type KeyType =
  | { readonly kind: PlainKeyType }
  | { readonly kind: "ecc_key_pair" | "ecc_public_key"; readonly family: EccFamily }
  | { readonly kind: "dh_key_pair" | "dh_public_key"; readonly family: DhFamily };
export type KeyTypeKind = KeyType["kind"];

export function isKeyPair(type: KeyType): boolean {
  return type.kind.endsWith("_key_pair");
}

export function isPublicKey(type: KeyType): boolean {
  return type.kind.endsWith("_public_key");
}

/** Neither a key pair nor a public key: one secret of the given length. */
export function isSymmetric(type: KeyType): boolean {
  return !isKeyPair(type) && !isPublicKey(type);
}
