/** What keys are used for, as people write it: `sign,verify`; and what their algorithms are mostly used for. */
import type { Algorithm } from "../psa/algorithm.ts";
import type { UsageFlag } from "../psa/usage_flags.ts";

const FLAGS: ReadonlyMap<string, readonly UsageFlag[]> = new Map<string, readonly UsageFlag[]>([
  ["sign", ["signHash", "signMessage"]],
  ["verify", ["verifyHash", "verifyMessage"]],
  ["encrypt", ["encrypt"]],
  ["decrypt", ["decrypt"]],
  ["derive", ["derive"]],
  ["export", ["export"]],
  ["copy", ["copy"]],
  ["cache", ["cache"]],
  ["sign-message", ["signMessage"]],
  ["verify-message", ["verifyMessage"]],
]);

/** For help. */
export const USAGE_NAMES = [...FLAGS.keys()].join(", ");

/** @throws {RangeError} */
export function parseUsage(text: string): readonly UsageFlag[] {
  return text.split(",").flatMap((name) => {
    const flags = FLAGS.get(name.trim().replaceAll("_", "-"));
    if (flags === undefined) throw new RangeError(`some of ${USAGE_NAMES} wanted, with commas`);
    return flags;
  });
}

/** All that the algorithm does. */
export function usualUsage({ kind }: Algorithm): readonly UsageFlag[] {
  switch (kind) {
    case "rsa_pkcs1v15_sign":
    case "rsa_pkcs1v15_sign_raw":
    case "rsa_pss":
    case "ecdsa":
    case "ecdsa_any":
    case "deterministic_ecdsa":
      return ["signHash", "signMessage", "verifyHash", "verifyMessage"];
    case "hmac":
    case "cmac":
    case "cbc_mac":
      return ["signMessage", "verifyMessage"];
    case "cipher":
    case "aead":
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep":
      return ["encrypt", "decrypt"];
    case "raw_key_agreement":
    case "key_agreement_with_derivation":
    case "hkdf":
    case "tls12_prf":
    case "tls12_psk_to_ms":
      return ["derive"];
    case "none":
    case "hash":
      return [];
  }
}
