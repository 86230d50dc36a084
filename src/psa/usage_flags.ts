/** Usage flags of a key's policy (PSA Crypto API 1.0, "Key usage flags"), in the contract's order. */
export const USAGE_FLAGS = [
  "export",
  "copy",
  "cache",
  "encrypt",
  "decrypt",
  "signMessage",
  "verifyMessage",
  "signHash",
  "verifyHash",
  "derive",
] as const;
export type UsageFlag = typeof USAGE_FLAGS[number];

export type UsageFlags = { readonly [F in UsageFlag]: boolean };

/** A set of flags from the names of those that are on. */
export function usageFlags(...on: readonly UsageFlag[]): UsageFlags {
  return Object.fromEntries(USAGE_FLAGS.map((flag) => [flag, on.includes(flag)])) as UsageFlags;
}

/**
 * The set as it is stored: a key that may sign hashes may sign messages, and likewise for verifying
 * (PSA Crypto API 1.0, PSA_KEY_USAGE_SIGN_HASH). ListKeys shows the widened set.
 */
export function widenUsage(flags: UsageFlags): UsageFlags {
  return {
    ...flags,
    signMessage: flags.signMessage || flags.signHash,
    verifyMessage: flags.verifyMessage || flags.verifyHash,
  };
}
