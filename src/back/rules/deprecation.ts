/**
 * Primitives that no new key may have unless `allow_deprecated` says so (Parsec book, "Adding deprecated
 * primitives"; PSA Crypto API 1.0 marks the same ones as weak).
 */
import { hashesOf } from "../../psa/algorithm.ts";
import { Hash } from "../../psa/hash.ts";
import type { KeyAttributes } from "../../psa/key_attributes.ts";
import { EccFamily, type KeyType } from "../../psa/key_type.ts";

const DEPRECATED_HASHES: ReadonlySet<Hash> = new Set([Hash.Md2, Hash.Md4, Hash.Md5, Hash.Sha1]);

interface Curves {
  readonly family: EccFamily;
  /** The one deprecated size; absent where the whole family is. */
  readonly bits?: number;
}

const DEPRECATED_CURVES: readonly Curves[] = [
  { family: EccFamily.SecpR2 },
  { family: EccFamily.SectR2 },
  { family: EccFamily.SectK1, bits: 163 },
  { family: EccFamily.SectR1, bits: 163 },
  { family: EccFamily.BrainpoolPR1, bits: 160 },
];

/** What is deprecated about a key with these attributes, for the message; `undefined` where nothing is. */
export function deprecatedPart({ type, bits, policy }: KeyAttributes): string | undefined {
  if (isDeprecatedType(type, bits)) return `key type ${type.kind}`;
  const hash = hashesOf(policy.permittedAlgorithm).find((each) => DEPRECATED_HASHES.has(each));
  return hash === undefined ? undefined : "the hash of its permitted algorithm";
}

function isDeprecatedType(type: KeyType, bits: number): boolean {
  switch (type.kind) {
    case "des":
    case "arc4":
      return true;
    case "ecc_key_pair":
    case "ecc_public_key":
      return DEPRECATED_CURVES.some((curves) =>
        curves.family === type.family && (curves.bits ?? bits) === bits
      );
    default:
      return false;
  }
}
