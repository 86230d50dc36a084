/**
 * May this key be used for this? Usage flag, permitted algorithm, compatibility of algorithm and type, in
 * this order (PSA Crypto API 1.0, "Key policies").
 */
import { type Algorithm, algorithmName, sameAlgorithm } from "../../psa/algorithm.ts";
import { isCompatible } from "../../psa/compatibility.ts";
import type { KeyAttributes } from "../../psa/key_attributes.ts";
import type { UsageFlag } from "../../psa/usage_flags.ts";
import { ResponseStatus, StatusError } from "../../status.ts";

/**
 * @param usage One of these flags is enough.
 * @throws {StatusError} PsaErrorNotPermitted
 */
export function requirePermission(
  attributes: KeyAttributes,
  usage: readonly UsageFlag[],
  algorithm: Algorithm,
): void {
  requireUsage(attributes, usage);
  if (!isPermitted(algorithm, attributes.policy.permittedAlgorithm)) {
    throw notPermitted(`algorithm ${algorithmName(algorithm)} is not the one of its policy`);
  }
  if (!isCompatible(algorithm, attributes.type)) {
    throw notPermitted(
      `algorithm ${algorithmName(algorithm)} does not fit a key of type ${attributes.type.kind}`,
    );
  }
}

/** @throws {StatusError} PsaErrorNotPermitted unless one of the flags is on. */
export function requireUsage(attributes: KeyAttributes, usage: readonly UsageFlag[]): void {
  if (usage.some((flag) => attributes.policy.usageFlags[flag])) return;
  throw notPermitted(`its policy lacks the usage flag ${usage.join(" or ")}`);
}

/**
 * Equal, or the policy's hash is "any" and the request names one. A request that itself says "any" asks for
 * nothing definite, and a policy of "none" permits nothing.
 */
function isPermitted(requested: Algorithm, permitted: Algorithm): boolean {
  if (permitted.kind === "none" || hasAnyHash(requested)) return false;
  if (hasAnyHash(permitted)) return requested.kind === permitted.kind;
  return sameAlgorithm(requested, permitted);
}

function hasAnyHash(algorithm: Algorithm): boolean {
  return "hash" in algorithm && algorithm.hash === "any";
}

function notPermitted(reason: string): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorNotPermitted,
    `Cannot use the key: ${reason}`,
  );
}
