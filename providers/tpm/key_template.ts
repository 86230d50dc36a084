/**
 * The TPM's public area for a PSA key: what the TPM itself then enforces (TPM 2.0 Library, part 2, section 8.3 and
 * part 1, section 27).
 */
import { type PublicArea, type Scheme, TPM2_ALG, TPMA_OBJECT } from "../../ffi/tss2/mod.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { hashLength, type HashOrAny } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { hmacHash } from "./hmac_key.ts";
import { notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";

/** Where the private part comes from: the TPM, the caller (symmetric keys), or the outside by TPM2_Import. */
export type Origin = "made" | "given" | "imported";

const { FIXEDTPM, FIXEDPARENT, SENSITIVEDATAORIGIN, USERWITHAUTH, NODA, DECRYPT, SIGN_ENCRYPT } =
  TPMA_OBJECT;

/**
 * No dictionary attack protection: the auth values are 32 random bytes, and with it a few power cuts would lock
 * the keys (TPM 2.0 Library, part 1, "Dictionary Attack Protection").
 */
const ORIGIN_ATTRIBUTES: { readonly [O in Origin]: number } = {
  made: FIXEDTPM | FIXEDPARENT | SENSITIVEDATAORIGIN | USERWITHAUTH | NODA,
  given: FIXEDTPM | FIXEDPARENT | USERWITHAUTH | NODA,
  imported: USERWITHAUTH | NODA,
};

const NOTHING = new Uint8Array();

/**
 * The template of a key, without its unique part. A policy that this TPM can't serve makes a key that is of no use,
 * as PSA wants it, not an error.
 *
 * @throws {StatusError} PsaErrorNotSupported if the TPM has no such keys.
 */
export function keyTemplate(
  attributes: KeyAttributes,
  registry: TpmRegistry,
  origin: Origin,
): PublicArea {
  const { type, bits } = attributes;
  const common = {
    nameAlg: TPM2_ALG.SHA256,
    attributes: ORIGIN_ATTRIBUTES[origin] | purposeOf(attributes),
    authPolicy: NOTHING,
    scheme: schemeOf(attributes, registry),
  };
  switch (type.kind) {
    case "rsa_key_pair":
    case "rsa_public_key":
      return { type: "rsa", ...common, bits, exponent: 0, modulus: NOTHING };
    case "ecc_key_pair":
    case "ecc_public_key": {
      const { curve } = registry.curve(type, bits);
      return { type: "ecc", ...common, curve, x: NOTHING, y: NOTHING };
    }
    case "hmac": {
      const scheme = { scheme: TPM2_ALG.HMAC, hash: registry.hash(hmacHash(attributes, registry)) };
      return { type: "keyedhash", ...common, scheme, unique: NOTHING };
    }
    case "aes": {
      const symmetric = { algorithm: TPM2_ALG.AES, bits, mode: aesMode(attributes, registry) };
      return { type: "symcipher", ...common, symmetric, unique: NOTHING };
    }
    default:
      throw notSupported(`Cannot make a ${type.kind}: not with a TPM`);
  }
}

/** TPM2_ALG of the mode that the key is bound to; NULL where the policy fits no key here. */
function aesMode(
  { type, bits, policy: { permittedAlgorithm: algorithm } }: KeyAttributes,
  registry: TpmRegistry,
): number {
  if (!registry.supportsAlgorithm(algorithm, type, bits)) return TPM2_ALG.NULL;
  if (algorithm.kind === "cmac") return TPM2_ALG.CMAC;
  return algorithm.kind === "cipher" ? registry.cipher(algorithm.mode).algorithm : TPM2_ALG.NULL;
}

/** Signing or decrypting, never both: that is also what the TPM wants of a key with a scheme. */
function purposeOf({ type, policy: { permittedAlgorithm, usageFlags } }: KeyAttributes): number {
  if (type.kind === "aes" && permittedAlgorithm.kind !== "cmac") {
    const flags = (usageFlags.encrypt ? SIGN_ENCRYPT : 0) | (usageFlags.decrypt ? DECRYPT : 0);
    return flags === 0 ? SIGN_ENCRYPT | DECRYPT : flags;
  }
  return DECRYPTING.has(permittedAlgorithm.kind) && type.kind !== "hmac" ? DECRYPT : SIGN_ENCRYPT;
}

const DECRYPTING: ReadonlySet<Algorithm["kind"]> = new Set([
  "rsa_pkcs1v15_crypt",
  "rsa_oaep",
  "raw_key_agreement",
]);

/** The scheme that the key is bound to; `undefined` where the policy leaves a choice, or fits no key here. */
function schemeOf(
  { type, bits, policy: { permittedAlgorithm: algorithm } }: KeyAttributes,
  registry: TpmRegistry,
): Scheme | undefined {
  if (!registry.supportsAlgorithm(algorithm, type, bits)) return undefined;
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
      return hashScheme(TPM2_ALG.RSASSA, algorithm.hash, registry);
    case "rsa_pss":
      return hashScheme(TPM2_ALG.RSAPSS, algorithm.hash, registry);
    case "ecdsa": {
      if (algorithm.hash === "any") return undefined;
      const digest = registry.ecdsaDigest(algorithm.hash, hashLength(algorithm.hash), bits);
      return digest && { scheme: TPM2_ALG.ECDSA, hash: digest.algorithm };
    }
    case "rsa_pkcs1v15_crypt":
      return { scheme: TPM2_ALG.RSAES };
    default:
      // OAEP too: labels that the TPM cannot express take the bare RSA primitive (`rsa_oaep.ts`).
      return undefined;
  }
}

function hashScheme(scheme: number, hash: HashOrAny, registry: TpmRegistry): Scheme | undefined {
  return hash === "any" ? undefined : { scheme, hash: registry.hash(hash) };
}
