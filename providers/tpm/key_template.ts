/**
 * The TPM's public area for a PSA key: what the TPM itself then enforces (TPM 2.0 Library, part 2, section 8.3 and
 * part 1, section 27).
 */
import { type PublicArea, type Scheme, TPM2_ALG, TPMA_OBJECT } from "../../ffi/tss2/mod.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { algorithmName } from "../../src/psa/algorithm.ts";
import { isCompatible } from "../../src/psa/compatibility.ts";
import { hashLength, type HashOrAny } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";

/** Where the private part comes from: the TPM, the caller (symmetric keys), or the outside by TPM2_Import. */
export type Origin = "made" | "given" | "imported";

const { FIXEDTPM, FIXEDPARENT, SENSITIVEDATAORIGIN, USERWITHAUTH, NODA, DECRYPT, SIGN_ENCRYPT } =
  TPMA_OBJECT;

/**
 * No dictionary attack protection: the auth values are 32 random bytes, and with it a few power cuts would lock
 * the keys (TPM 2.0 Library, part 1, section 19.8).
 */
const ORIGIN_ATTRIBUTES: { readonly [O in Origin]: number } = {
  made: FIXEDTPM | FIXEDPARENT | SENSITIVEDATAORIGIN | USERWITHAUTH | NODA,
  given: FIXEDTPM | FIXEDPARENT | USERWITHAUTH | NODA,
  imported: USERWITHAUTH | NODA,
};

const NOTHING = new Uint8Array();

/**
 * Checks that the key can be of use here: a TPM must know what a key is for when it is made.
 *
 * @throws {StatusError} PsaErrorInvalidArgument, PsaErrorNotSupported
 */
export function requireUsable(attributes: KeyAttributes, registry: TpmRegistry): void {
  const { type, bits, policy: { permittedAlgorithm: algorithm } } = attributes;
  const name = algorithmName(algorithm);
  if (!isCompatible(algorithm, type)) {
    throw invalidArgument(
      `Cannot make a ${type.kind}: found algorithm ${name}, wanted one of its own`,
    );
  }
  if (!registry.supportsAlgorithm(algorithm, type, bits)) {
    throw notSupported(`Cannot make a ${type.kind} of ${bits} bits for ${name}: not with this TPM`);
  }
}

/** The template of a key, without its unique part. */
export function keyTemplate(
  attributes: KeyAttributes,
  registry: TpmRegistry,
  origin: Origin,
): PublicArea {
  const { type, bits, policy: { permittedAlgorithm: algorithm } } = attributes;
  const common = {
    nameAlg: TPM2_ALG.SHA256,
    attributes: ORIGIN_ATTRIBUTES[origin] | purposeOf(attributes),
    authPolicy: NOTHING,
    scheme: schemeOf(algorithm, registry, bits),
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
    case "hmac":
      return { type: "keyedhash", ...common, unique: NOTHING };
    case "aes": {
      const mode = algorithm.kind === "cipher"
        ? registry.cipher(algorithm.mode).algorithm
        : TPM2_ALG.NULL;
      const symmetric = { algorithm: TPM2_ALG.AES, bits, mode };
      return { type: "symcipher", ...common, symmetric, unique: NOTHING };
    }
    default:
      throw notSupported(`Cannot make a ${type.kind}: not with a TPM`);
  }
}

/** Signing or decrypting, never both: that is also what the TPM wants of a key with a scheme. */
function purposeOf({ policy: { permittedAlgorithm, usageFlags } }: KeyAttributes): number {
  switch (permittedAlgorithm.kind) {
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep":
    case "raw_key_agreement":
      return DECRYPT;
    case "cipher": {
      const flags = (usageFlags.encrypt ? SIGN_ENCRYPT : 0) | (usageFlags.decrypt ? DECRYPT : 0);
      return flags === 0 ? SIGN_ENCRYPT | DECRYPT : flags;
    }
    default:
      return SIGN_ENCRYPT;
  }
}

/** The scheme that the key is bound to; `undefined` where the policy leaves a choice. */
function schemeOf(algorithm: Algorithm, registry: TpmRegistry, bits: number): Scheme | undefined {
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
    case "hmac":
      return { scheme: TPM2_ALG.HMAC, hash: registry.hash(algorithm.hash) };
    default:
      // OAEP too: labels that the TPM cannot express take the bare RSA primitive (`rsa_oaep.ts`).
      return undefined;
  }
}

function hashScheme(scheme: number, hash: HashOrAny, registry: TpmRegistry): Scheme | undefined {
  return hash === "any" ? undefined : { scheme, hash: registry.hash(hash) };
}
