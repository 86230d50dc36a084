/**
 * What must hold before a provider is asked to make a key (PSA Crypto API 1.0, psa_generate_key,
 * psa_import_key and psa_key_derivation_output_key).
 */
import type { KeyAttributes, KeyPolicy } from "../../psa/key_attributes.ts";
import type { DerivationInputs } from "../../psa/key_derivation.ts";
import { isKeySize } from "../../psa/key_sizes.ts";
import { isPublicKey, isSymmetric } from "../../psa/key_type.ts";
import { widenUsage } from "../../psa/usage_flags.ts";
import type { KeySupport, Registry } from "../../provider.ts";
import { ResponseStatus, StatusError } from "../../status.ts";
import { deprecatedPart } from "./deprecation.ts";
import { checkOutputLength } from "./derivation.ts";

/** Longest key name, bytes of UTF-8. Every name is in memory, and in each list of the application's keys. */
export const KEY_NAME_LENGTH_LIMIT = 8192;

export interface DeprecationOptions {
  readonly allowDeprecated: boolean;
}

/** @throws {StatusError} PsaErrorInvalidArgument if the name is too long. */
export function checkKeyName(name: string): void {
  // A UTF-16 unit is at least one byte, so most names need no encoding.
  if (name.length * 3 <= KEY_NAME_LENGTH_LIMIT) return;
  const length = new TextEncoder().encode(name).length;
  if (length > KEY_NAME_LENGTH_LIMIT) {
    throw invalid(`a name of ${length} bytes`, `at most ${KEY_NAME_LENGTH_LIMIT}`);
  }
}

/**
 * Checks what a key is to be generated with; returns the attributes to store.
 *
 * @throws {StatusError} PsaErrorInvalidArgument if PSA has no such key, DeprecatedPrimitive if it is not
 * allowed here, PsaErrorNotSupported if the provider can't generate it.
 */
export function checkGeneration(
  attributes: KeyAttributes,
  registry: Registry,
  options: DeprecationOptions,
): KeyAttributes {
  return checkMaking("generate", attributes, registry, options);
}

/**
 * Checks what a key is to be derived as; returns the attributes to store.
 *
 * @throws {StatusError} As {@linkcode checkGeneration}; PsaErrorInsufficientData if the derivation gives less
 * than the size of the key.
 */
export function checkDerivedKey(
  attributes: KeyAttributes,
  inputs: DerivationInputs,
  registry: Registry,
  options: DeprecationOptions,
): KeyAttributes {
  const checked = checkMaking("derive", attributes, registry, options);
  checkOutputLength(inputs, Math.ceil(checked.bits / 8));
  return checked;
}

function checkMaking(
  way: "generate" | "derive",
  attributes: KeyAttributes,
  registry: Registry,
  options: DeprecationOptions,
): KeyAttributes {
  const { type, bits } = attributes;
  if (isPublicKey(type)) throw invalid("a public key", "a key pair or a symmetric key");
  checkSize(attributes);
  const deprecated = deprecatedPart(attributes);
  if (deprecated !== undefined && !options.allowDeprecated) {
    throw new StatusError(
      ResponseStatus.DeprecatedPrimitive,
      `Cannot ${way} the key: ${deprecated} is deprecated and core_settings.allow_deprecated is off`,
    );
  }
  requireSupport(registry.keySupport(type, bits), way, attributes);
  return widened(attributes);
}

/**
 * Checks what a key is to be imported as; returns the attributes to store. Bits of 0 are filled in for
 * symmetric keys, whose data says them; for others by the provider, which reads the data.
 *
 * @throws {StatusError} PsaErrorInvalidArgument, PsaErrorNotSupported
 */
export function checkImport(
  attributes: KeyAttributes,
  data: Uint8Array,
  registry: Registry,
): KeyAttributes {
  if (data.length === 0) throw invalid("empty key data", "a key in the PSA export format");
  const { type } = attributes;
  const bits = attributes.bits === 0 && isSymmetric(type) ? data.length * 8 : attributes.bits;
  const resolved = widened({ ...attributes, bits });
  if (bits !== 0) {
    checkSize(resolved);
    requireSupport(registry.keySupport(type, bits), "import", resolved);
  }
  return resolved;
}

function checkSize({ type, bits }: KeyAttributes): void {
  if (!isKeySize(type, bits)) throw invalid(`${bits} bits`, `a size of type ${type.kind}`);
}

function requireSupport(
  support: KeySupport | undefined,
  way: keyof KeySupport,
  { type, bits }: KeyAttributes,
): void {
  if (support?.[way] === true) return;
  throw new StatusError(
    ResponseStatus.PsaErrorNotSupported,
    `Cannot ${way} the key: the provider has no type ${type.kind} of ${bits} bits`,
  );
}

function widened(attributes: KeyAttributes): KeyAttributes {
  return { ...attributes, policy: widenedPolicy(attributes.policy) };
}

/** What signs or verifies hashes does so with messages too (PSA Crypto API 1.0, "Key usage flags"). */
export function widenedPolicy(policy: KeyPolicy): KeyPolicy {
  return { ...policy, usageFlags: widenUsage(policy.usageFlags) };
}

function invalid(found: string, wanted: string): StatusError {
  return new StatusError(
    ResponseStatus.PsaErrorInvalidArgument,
    `Cannot make the key: found ${found}, wanted ${wanted}`,
  );
}
