/**
 * Whether the token lets a key do what its policy permits. What the token does not tell is left to it; what it
 * tells does not change.
 */
import { CKA } from "../../ffi/pkcs11/mod.ts";
import { algorithmName } from "../../src/psa/algorithm.ts";
import { isCompatible } from "../../src/psa/compatibility.ts";
import type { KeyPolicy } from "../../src/psa/key_attributes.ts";
import { isPublicKey } from "../../src/psa/key_type.ts";
import type { UsageFlag } from "../../src/psa/usage_flags.ts";
import type { Kind } from "./adopted_kind.ts";
import type { Engine } from "./engine.ts";
import { flagOf, numbersOf } from "./found_object.ts";
import type { KeyClass } from "./key_class.ts";
import type { FoundKey } from "./object_choice.ts";
import { invalidArgument, notPermitted, notSupported } from "./refusals.ts";
import type { Pkcs11Registry } from "./registry.ts";
import { comparesMacs } from "./templates.ts";

type Rules = Pick<Engine, "registry" | "softwarePublicOperations" | "allowExport">;

/** A use of a key, and which attribute of its object has to be true for it. */
interface Need {
  /** Any of them. */
  readonly usage: readonly UsageFlag[];
  readonly keyClass: KeyClass;
  readonly attribute: "SIGN" | "VERIFY" | "ENCRYPT" | "DECRYPT" | "DERIVE" | "EXTRACTABLE";
}

const SIGN = ["signHash", "signMessage"] as const;
const VERIFY = ["verifyHash", "verifyMessage"] as const;

const EXPORT: readonly Need[] = [
  { usage: ["export"], keyClass: "PRIVATE_KEY", attribute: "EXTRACTABLE" },
  { usage: ["export"], keyClass: "SECRET_KEY", attribute: "EXTRACTABLE" },
];
const MAC: readonly Need[] = [
  { usage: SIGN, keyClass: "SECRET_KEY", attribute: "SIGN" },
  { usage: VERIFY, keyClass: "SECRET_KEY", attribute: "VERIFY" },
];
const CIPHER: readonly Need[] = [
  { usage: ["encrypt"], keyClass: "SECRET_KEY", attribute: "ENCRYPT" },
  { usage: ["decrypt"], keyClass: "SECRET_KEY", attribute: "DECRYPT" },
];
const AGREEMENT: readonly Need[] = [
  { usage: ["derive"], keyClass: "PRIVATE_KEY", attribute: "DERIVE" },
];
const ENCRYPTION: readonly Need[] = [
  { usage: ["decrypt"], keyClass: "PRIVATE_KEY", attribute: "DECRYPT" },
  { usage: ["encrypt"], keyClass: "PUBLIC_KEY", attribute: "ENCRYPT" },
];
const SIGNATURE: readonly Need[] = [
  { usage: SIGN, keyClass: "PRIVATE_KEY", attribute: "SIGN" },
  { usage: VERIFY, keyClass: "PUBLIC_KEY", attribute: "VERIFY" },
];

/**
 * @throws {StatusError} PsaErrorInvalidArgument if the algorithm is for other keys, PsaErrorNotSupported if the
 * token lacks it, PsaErrorNotPermitted.
 */
export function checkPolicy(rules: Rules, key: FoundKey, kind: Kind, policy: KeyPolicy): void {
  checkAlgorithm(rules.registry, kind, policy);
  if (policy.usageFlags.export && !rules.allowExport && !isPublicKey(kind.type)) {
    throw notPermitted("Cannot adopt a key with the usage flag export: allow_export is off");
  }
  if (isPublicKey(kind.type)) requirePublicUses(policy);
  for (const object of key) {
    if (flagOf(object, CKA.ALWAYS_AUTHENTICATE) === true) {
      throw notSupported("Cannot adopt the key: CKA_ALWAYS_AUTHENTICATE, a PIN for each use");
    }
    const isDoneByToken = object.keyClass !== "PUBLIC_KEY" || !rules.softwarePublicOperations;
    const needs = isDoneByToken ? needsOf(rules.registry, policy) : [];
    for (const { usage, keyClass, attribute } of needs) {
      const isNeeded = keyClass === object.keyClass && usage.some((use) => policy.usageFlags[use]);
      if (isNeeded && flagOf(object, CKA[attribute]) === false) {
        throw notPermitted(
          `Cannot adopt a key with the usage ${usage.join(" or ")}: CKA_${attribute} is false`,
        );
      }
    }
    if (isDoneByToken) {
      checkMechanisms(rules.registry, numbersOf(object, CKA.ALLOWED_MECHANISMS), policy);
    }
  }
}

/** Found without its private half, a key must not seem to be a pair. */
function requirePublicUses({ usageFlags: usage }: KeyPolicy): void {
  const used = PRIVATE_USES.find((use) => usage[use]);
  if (used === undefined) return;
  throw notPermitted(`Cannot adopt a key with the usage ${used}: found its public half alone`);
}

const PRIVATE_USES = ["signHash", "signMessage", "decrypt", "derive"] as const;

function checkAlgorithm(
  registry: Pkcs11Registry,
  { type, bits }: Kind,
  { permittedAlgorithm }: KeyPolicy,
): void {
  if (registry.keySupport(type, bits) === undefined) {
    throw notSupported(`Cannot adopt a key of type ${type.kind} of ${bits} bits: not served`);
  }
  if (permittedAlgorithm.kind === "none") return;
  const name = algorithmName(permittedAlgorithm);
  if (!isCompatible(permittedAlgorithm, type)) {
    throw invalidArgument(`Cannot adopt the key: ${name} is not for keys of type ${type.kind}`);
  }
  if (!registry.supportsAlgorithm(permittedAlgorithm, type, bits)) {
    throw notSupported(
      `Cannot use ${name} with ${type.kind} of ${bits} bits: not on this token`,
    );
  }
}

/** A flag that means nothing with the algorithm needs nothing. */
function needsOf(registry: Pkcs11Registry, policy: KeyPolicy): readonly Need[] {
  switch (policy.permittedAlgorithm.kind) {
    case "hmac":
    case "cmac":
    case "cbc_mac":
      return [...EXPORT, ...macNeeds(registry, policy)];
    case "cipher":
    case "aead":
      return [...EXPORT, ...CIPHER];
    case "raw_key_agreement":
    case "key_agreement_with_derivation":
      return [...EXPORT, ...AGREEMENT];
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep":
      return [...EXPORT, ...ENCRYPTION];
    case "rsa_pkcs1v15_sign":
    case "rsa_pkcs1v15_sign_raw":
    case "rsa_pss":
    case "ecdsa":
    case "ecdsa_any":
    case "deterministic_ecdsa":
      return [...EXPORT, ...SIGNATURE];
    case "none":
    case "hash":
    case "hkdf":
    case "tls12_prf":
    case "tls12_psk_to_ms":
      return EXPORT;
  }
}

/** Where MACs are made and compared here, verifying takes what signing does. */
function macNeeds(registry: Pkcs11Registry, policy: KeyPolicy): readonly Need[] {
  if (!comparesMacs({ attributes: { policy } }, registry)) return MAC;
  return [{ usage: [...SIGN, ...VERIFY], keyClass: "SECRET_KEY", attribute: "SIGN" }];
}

/** @param allowed None if there is no limit. */
function checkMechanisms(
  registry: Pkcs11Registry,
  allowed: readonly number[],
  { permittedAlgorithm }: KeyPolicy,
): void {
  const used = registry.allowedMechanisms(permittedAlgorithm);
  if (allowed.length === 0 || used.length === 0) return;
  if (used.some((mechanism) => allowed.includes(mechanism))) return;
  throw notPermitted(
    `Cannot adopt a key for ${algorithmName(permittedAlgorithm)}: not in CKA_ALLOWED_MECHANISMS`,
  );
}
