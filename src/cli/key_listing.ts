/** A key as the command line shows it: the line of parsec-tool's `list-keys`, and the same facts as JSON. */
import type { KeyListing } from "../operations/list_keys.ts";
import { USAGE_FLAGS } from "../psa/usage_flags.ts";
import { printable } from "./printable.ts";
import { providerName } from "./protocol_names.ts";
import { displayAlgorithm, displayKeyType } from "./psa_display.ts";

export function keyLine(
  { name, providerId, attributes: { type, bits, policy } }: KeyListing,
): string {
  const facts = [
    providerName(providerId),
    displayKeyType(type),
    `${bits} bits`,
    `permitted algorithm: ${displayAlgorithm(policy.permittedAlgorithm)}`,
  ];
  return `* ${printable(name)} (${facts.join(", ")})\n`;
}

export function keyJson({ name, providerId, attributes: { type, bits, policy } }: KeyListing) {
  return {
    name,
    provider_id: providerId,
    key_type: displayKeyType(type),
    key_bits: bits,
    key_usage_flags: USAGE_FLAGS.filter((flag) => policy.usageFlags[flag]).map(snakeCase),
    key_algorithm: displayAlgorithm(policy.permittedAlgorithm),
  };
}

/** `signHash` to `sign_hash`, the contract's name. */
function snakeCase(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
