/**
 * CanDoCrypto: would a provider use, generate, import or derive a key with these attributes?
 *
 * Source: Parsec book, "CanDoCrypto". Every "no" is PsaErrorNotSupported.
 */
import { CheckType, type Operation } from "../operations/can_do_crypto.ts";
import { hasKnownLength } from "../psa/algorithm_lengths.ts";
import { isCompatible } from "../psa/compatibility.ts";
import type { KeyAttributes } from "../psa/key_attributes.ts";
import { USAGE_FLAGS, type UsageFlag } from "../psa/usage_flags.ts";
import type { Registry } from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { deprecatedPart } from "./rules/deprecation.ts";

/** Flags that only concern the key's material, not an algorithm. */
const MATERIAL_FLAGS: ReadonlySet<UsageFlag> = new Set(["export", "copy", "cache"]);
const OPERATION_FLAGS = USAGE_FLAGS.filter((flag) => !MATERIAL_FLAGS.has(flag));

/** @throws {StatusError} PsaErrorNotSupported if the answer is no. */
export function canDoCrypto(
  { checkType, attributes }: Operation,
  registry: Registry,
  options: { readonly allowDeprecated: boolean },
): void {
  const reason = obstacle(checkType, attributes, registry, options);
  if (reason === undefined) return;
  throw new StatusError(ResponseStatus.PsaErrorNotSupported, `Cannot do this: ${reason}`);
}

function obstacle(
  checkType: CheckType,
  attributes: KeyAttributes,
  registry: Registry,
  options: { readonly allowDeprecated: boolean },
): string | undefined {
  const support = registry.keySupport(attributes.type, attributes.bits);
  if (support === undefined) return "the provider has no such key type and size";
  const hasAlgorithm = attributes.policy.permittedAlgorithm.kind !== "none";
  switch (checkType) {
    case CheckType.Use:
      return useObstacle(attributes, registry);
    case CheckType.Generate:
    case CheckType.Derive: {
      const way = checkType === CheckType.Generate ? "generate" : "derive";
      if (!support[way]) return `the provider can't ${way} such a key`;
      if (!options.allowDeprecated && deprecatedPart(attributes) !== undefined) {
        return "the key would be deprecated";
      }
      return hasAlgorithm ? useObstacle(attributes, registry) : undefined;
    }
    case CheckType.Import:
      if (!support.import) return "the provider can't import such a key";
      return hasAlgorithm ? useObstacle(attributes, registry) : undefined;
  }
}

function useObstacle(attributes: KeyAttributes, registry: Registry): string | undefined {
  const { type, bits, policy } = attributes;
  const algorithm = policy.permittedAlgorithm;
  if (algorithm.kind === "none") return "the policy permits no algorithm";
  if (!OPERATION_FLAGS.some((flag) => policy.usageFlags[flag])) {
    return "the policy has no flag for an operation";
  }
  if (!isCompatible(algorithm, type)) return "the algorithm does not fit the key type";
  if (!hasKnownLength(algorithm, type)) return "there is no tag or MAC of this length";
  if (!registry.supportsAlgorithm(algorithm, type, bits)) {
    return "the provider does not serve the algorithm with such a key";
  }
  return undefined;
}
