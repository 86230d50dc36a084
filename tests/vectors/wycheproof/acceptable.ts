/** What this service makes of the vectors that Wycheproof leaves to the tester: the first row that fits. */
import type { Result } from "./read.ts";

interface Decision {
  readonly flag: string;
  readonly as: "valid" | "invalid";
  readonly reason: string;
}

const DECISIONS: readonly Decision[] = [
  {
    flag: "MissingNull",
    as: "invalid",
    reason: "a signature is compared with the one encoding of RFC 8017, section 9.2",
  },
  {
    flag: "CompressedPublic",
    as: "invalid",
    reason: "PSA's format of a public key is the uncompressed point",
  },
  {
    flag: "InvalidAsn",
    as: "invalid",
    reason: "where the encoding is PSA's, these have other bytes in the point",
  },
  {
    flag: "ZeroSharedSecret",
    as: "invalid",
    reason: "a secret that the peer alone decides is none (RFC 7748, section 6.1)",
  },
  {
    flag: "NonCanonicalPublic",
    as: "valid",
    reason: "RFC 7748, section 5: they are reduced modulo the prime",
  },
  {
    flag: "Twist",
    as: "valid",
    reason: "RFC 7748 defines the result for every coordinate",
  },
  {
    flag: "SmallIntegerCiphertext",
    as: "valid",
    reason: "a ciphertext is a number below the modulus, however small",
  },
];

/** @throws {TypeError} If nobody has decided. */
export function expectedOf(
  { result, flags }: { readonly result: Result; readonly flags: readonly string[] },
): "valid" | "invalid" {
  if (result !== "acceptable") return result;
  const decision = DECISIONS.find(({ flag }) => flags.includes(flag));
  if (decision !== undefined) return decision.as;
  throw new TypeError(`Nobody has decided what to make of ${flags.join(", ")}`);
}
