/**
 * Whether a key that somebody else made in a TPM can be one of an application, and do what a policy says: the TPM
 * holds it to its public area (TPM 2.0 Library, part 1, "Object Attributes", and part 2, section 8.3).
 */
import { type PublicArea, type Scheme, TPM2_ALG, TPMA_OBJECT } from "../../ffi/tss2/mod.ts";
import { type Algorithm, algorithmName } from "../../src/psa/algorithm.ts";
import type { HashOrAny } from "../../src/psa/hash.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { CURVE_ROWS, HASH_ROWS } from "./algorithms.ts";
import { notPermitted, notSupported } from "./refusals.ts";
import type { TpmRegistry } from "./registry.ts";

export interface AdoptableKey {
  readonly type: KeyType;
  readonly bits: number;
}

/** @throws {StatusError} PsaErrorNotSupported if it is no key for applications, or none that the TPM can use. */
export function adoptableKey(area: PublicArea, registry: TpmRegistry): AdoptableKey {
  const { RESTRICTED, DECRYPT, USERWITHAUTH } = TPMA_OBJECT;
  const has = (attribute: number) => (area.attributes & attribute) !== 0;
  if (has(RESTRICTED)) {
    throw unfit(
      has(DECRYPT)
        ? "it is a parent of other keys (restricted, decrypt)"
        : "it signs only what the TPM itself has made (restricted)",
    );
  }
  if (!has(USERWITHAUTH)) throw unfit("its use needs a policy, an auth value is not enough");
  const key = typeAndSize(area);
  if (registry.keySupport(key.type, key.bits) !== undefined) return key;
  throw unfit(`the TPM has no ${key.type.kind} of ${key.bits} bits`);
}

function typeAndSize(area: PublicArea): AdoptableKey {
  switch (area.type) {
    case "rsa":
      return { type: { kind: "rsa_key_pair" }, bits: area.bits };
    case "ecc": {
      const row = CURVE_ROWS.find(({ curve }) => curve === area.curve);
      if (row === undefined) throw unfit(`its curve is ${area.curve}, wanted a NIST one`);
      return { type: { kind: "ecc_key_pair", family: row.family }, bits: row.bits };
    }
    default:
      throw unfit(`it is a ${area.type} object, wanted an RSA or ECC key`);
  }
}

/**
 * @throws {StatusError} PsaErrorNotSupported if no such key can do it, PsaErrorNotPermitted if this one may not,
 * or not all of it.
 */
export function requirePermission(
  area: PublicArea,
  { type, bits }: AdoptableKey,
  algorithm: Algorithm,
  registry: TpmRegistry,
): void {
  const wanted = schemeOf(algorithm);
  if (wanted === undefined || !registry.supportsAlgorithm(algorithm, type, bits)) {
    throw unfit(`a ${type.kind} of ${bits} bits can't do ${algorithmName(algorithm)} in the TPM`);
  }
  if ((area.attributes & TPMA_OBJECT[wanted.purpose]) === 0) {
    throw refused(
      `its attributes lack ${wanted.purpose.toLowerCase()}, which ${
        algorithmName(algorithm)
      } takes`,
    );
  }
  const fixed = "scheme" in area ? area.scheme : undefined;
  if (fixed === undefined || permits(fixed, wanted)) return;
  throw refused(
    `its scheme is fixed to ${schemeName(fixed)}, the policy's algorithm is ` +
      algorithmName(algorithm),
  );
}

interface WantedScheme {
  readonly purpose: "SIGN_ENCRYPT" | "DECRYPT";
  /** TPM2_ALG */
  readonly scheme: number;
  /** `undefined` where it makes no difference. */
  readonly hash?: HashOrAny;
}

function schemeOf(algorithm: Algorithm): WantedScheme | undefined {
  switch (algorithm.kind) {
    case "rsa_pkcs1v15_sign":
      return { purpose: "SIGN_ENCRYPT", scheme: TPM2_ALG.RSASSA, hash: algorithm.hash };
    case "rsa_pss":
      return { purpose: "SIGN_ENCRYPT", scheme: TPM2_ALG.RSAPSS, hash: algorithm.hash };
    case "ecdsa":
      return { purpose: "SIGN_ENCRYPT", scheme: TPM2_ALG.ECDSA, hash: algorithm.hash };
    case "ecdsa_any":
      return { purpose: "SIGN_ENCRYPT", scheme: TPM2_ALG.ECDSA, hash: "any" };
    case "rsa_pkcs1v15_crypt":
      return { purpose: "DECRYPT", scheme: TPM2_ALG.RSAES };
    case "rsa_oaep":
      return { purpose: "DECRYPT", scheme: TPM2_ALG.OAEP, hash: algorithm.hash };
    case "raw_key_agreement":
      return { purpose: "DECRYPT", scheme: TPM2_ALG.ECDH };
    default:
      return undefined;
  }
}

/** A policy that leaves the hash open is more than a fixed scheme. */
function permits(fixed: Scheme, { scheme, hash }: WantedScheme): boolean {
  if (fixed.scheme !== scheme) return false;
  return hash === undefined ||
    HASH_ROWS.some((row) => row.hash === hash && row.algorithm === fixed.hash);
}

/** `ECDSA with SHA256` */
function schemeName({ scheme, hash }: Scheme): string {
  return [scheme, hash].filter((each) => each !== undefined).map(tpmName).join(" with ");
}

function tpmName(algorithm: number): string {
  const row = Object.entries(TPM2_ALG).find(([, value]) => value === algorithm);
  return row?.[0] ?? `TPM_ALG_ID 0x${algorithm.toString(16)}`;
}

function unfit(why: string) {
  return notSupported(`Cannot adopt the key: ${why}`);
}

function refused(why: string) {
  return notPermitted(`Cannot adopt the key: ${why}`);
}
