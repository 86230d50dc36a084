/**
 * What the token can do, of what we know how to ask for. Key creation, CanDoCrypto and the primitives all ask
 * here, so they cannot disagree.
 */
import { CKF, CKK, CKM } from "../../ffi/pkcs11/mod.ts";
import { type Algorithm, algorithmName } from "../../src/psa/algorithm.ts";
import { type Hash, hashLength, hashName } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { isKeySize, isXtsOnlySize } from "../../src/psa/key_sizes.ts";
import { EccFamily, isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { KeySupport, Registry } from "../../src/provider.ts";
import {
  type AlgorithmRow,
  algorithmRow,
  generalMacMechanism,
  type KeyTypeRow,
  keyTypeRow,
  mechanismsOfKeyType,
} from "./algorithms.ts";
import type { Mechanisms } from "./connection.ts";
import { curveRow } from "./curves.ts";
import { hashRow } from "./hashes.ts";
import type { Quirks } from "./quirks.ts";
import { notSupported } from "./refusals.ts";

/** The token as the registry sees it. */
export interface TokenAbilities {
  readonly mechanisms: Mechanisms;
  readonly quirks: Quirks;
}

/** How OAEP is done: by the token, or by us around the token's bare exponentiation. */
export type OaepWay = "token" | "exponentiation";

export interface RegistryOptions {
  /** Whether libcrypto has a hash. */
  readonly hasDigest: (hash: Hash) => boolean;
  /** Verify and encrypt with public keys in software. */
  readonly softwarePublicOperations: boolean;
  /** @throws {StatusError} If the token has not been seen yet. */
  readonly abilities: () => TokenAbilities;
}

/** AES keys are at most 32 bytes: a token with larger limits counts in bits. */
const LARGEST_AES_BYTES = 64;

export class Pkcs11Registry implements Registry {
  readonly #hasDigest: (hash: Hash) => boolean;
  readonly #softwarePublicOperations: boolean;
  readonly #abilities: () => TokenAbilities;
  /** Sizes that the token has refused although its limits allow them: `ecc_key_pair 7:160`. */
  readonly #refused = new Set<string>();

  constructor({ hasDigest, softwarePublicOperations, abilities }: RegistryOptions) {
    this.#hasDigest = hasDigest;
    this.#softwarePublicOperations = softwarePublicOperations;
    this.#abilities = abilities;
  }

  /** @throws {StatusError} If the token has not been seen yet. */
  keySupport(type: KeyType, bits: number): KeySupport | undefined {
    const row = keyTypeRow(type.kind);
    if (row === undefined || !isKeySize(type, bits) || !this.#hasCurve(type, bits)) {
      return undefined;
    }
    // Keys for XTS are a type of their own in PKCS#11 (CKK_AES_XTS).
    if (isXtsOnlySize(type, bits)) return undefined;
    if (this.#refused.has(sizeName(type, bits))) return undefined;
    const isKnown = mechanismsOfKeyType(type.kind).some((mechanism) => this.has(mechanism));
    if (!isKnown) return undefined;
    return { generate: this.#generates(row, bits), import: true, derive: false };
  }

  supportsAlgorithm(algorithm: Algorithm, type: KeyType, bits: number): boolean {
    const row = algorithmRow(algorithm);
    if (row === undefined || this.keySupport(type, bits) === undefined) return false;
    const use = isPublicKey(type) ? row.publicUse : row.secretUse;
    return this.#serves(algorithm, row, bits, use);
  }

  /**
   * The mechanism for an operation with a key.
   *
   * @param use CKF_* of the operation.
   * @throws {StatusError} PsaErrorNotSupported
   */
  mechanism(algorithm: Algorithm, { type, bits }: KeyAttributes, use: number): number {
    const row = algorithmRow(algorithm);
    const isServed = row !== undefined && this.keySupport(type, bits) !== undefined &&
      this.#serves(algorithm, row, bits, use & (row.secretUse | row.publicUse));
    if (isServed) return row.mechanism;
    throw notSupported(
      `Cannot use ${algorithmName(algorithm)} with ${type.kind} of ${bits} bits: not on this token`,
    );
  }

  /**
   * How OAEP with a hash and maybe a label is done. Tokens know few hashes, and some no labels.
   *
   * @returns `undefined` where it can't be.
   */
  oaepWay(hash: Hash, options: { readonly hasLabel: boolean }): OaepWay | undefined {
    const row = hashRow(hash);
    const { oaepHashes, oaepLabel } = this.#abilities().quirks;
    // Nothing says which hashes OAEP takes; a token without the digest won't take it.
    const onToken = this.has(CKM.RSA_PKCS_OAEP) && row?.mgf !== undefined && this.has(row.digest) &&
      (oaepHashes?.includes(hash) ?? true) && (oaepLabel || !options.hasLabel);
    if (onToken) return "token";
    const bare = this.has(CKM.RSA_X_509, CKF.DECRYPT) && this.#hasDigest(hash);
    return bare ? "exponentiation" : undefined;
  }

  /** The mechanisms a key may be used with, for its policy's algorithm; empty if there is none. */
  allowedMechanisms(algorithm: Algorithm): readonly number[] {
    const row = algorithmRow(algorithm);
    if (row === undefined) return [];
    if (algorithm.kind === "rsa_oaep") return this.#oaepMechanisms(algorithm.hash);
    const general = this.generalMac(algorithm);
    return general === undefined ? [row.mechanism] : [row.mechanism, general];
  }

  /** The mechanism for shortened MACs, if the token has it. */
  generalMac(algorithm: Algorithm): number | undefined {
    const mechanism = generalMacMechanism(algorithm);
    const isUsable = mechanism !== undefined && this.quirks.shortensMacs && this.has(mechanism);
    return isUsable ? mechanism : undefined;
  }

  /** Whether the token has a mechanism, for one of some uses (CKF_*). */
  has(mechanism: number, uses?: number): boolean {
    const info = this.#abilities().mechanisms.get(mechanism);
    return info !== undefined && (uses === undefined || (info.flags & uses) !== 0);
  }

  /** The digest mechanism of a hash. @throws {StatusError} PsaErrorNotSupported */
  digest(hash: Hash): number {
    const row = hashRow(hash);
    if (row !== undefined && this.has(row.digest, CKF.DIGEST)) return row.digest;
    throw notSupported(`Cannot use ${hashName(hash)}: not on this token`);
  }

  get quirks(): Quirks {
    return this.#abilities().quirks;
  }

  /** Remembers that the token does not want keys of this type and size after all. */
  noteRefusal(type: KeyType, bits: number): void {
    this.#refused.add(sizeName(type, bits));
  }

  #serves(algorithm: Algorithm, row: AlgorithmRow, bits: number, use: number): boolean {
    if (use === 0 || !this.#hasHash(algorithm) || !hasRoom(algorithm, bits)) return false;
    const isPublic = (use & ~(CKF.VERIFY | CKF.ENCRYPT)) === 0 && row.publicUse !== 0;
    if (isPublic && this.#softwarePublicOperations) return true;
    // Whatever the token itself knows of it: its bare exponentiation serves too.
    if (algorithm.kind === "rsa_oaep") return this.#fits(CKM.RSA_PKCS_KEY_PAIR_GEN, bits, "bits");
    return this.has(row.mechanism, use) && this.#fits(row.mechanism, bits, row.unit);
  }

  #oaepMechanisms(hash: Hash): readonly number[] {
    const ways = [true, false].map((hasLabel) => this.oaepWay(hash, { hasLabel }));
    return [
      ...(ways.includes("token") ? [CKM.RSA_PKCS_OAEP] : []),
      ...(ways.includes("exponentiation") ? [CKM.RSA_X_509] : []),
    ];
  }

  #generates({ generation, keyType, unit }: KeyTypeRow, bits: number): boolean {
    if (generation === undefined || !this.has(generation)) return false;
    const { rsaSizeStep, longestSecret } = this.quirks;
    if (keyType === CKK.RSA && bits % rsaSizeStep !== 0) return false;
    return unit === undefined ? bits <= longestSecret : this.#fits(generation, bits, unit);
  }

  #hasCurve(type: KeyType, bits: number): boolean {
    if (type.kind !== "ecc_key_pair" && type.kind !== "ecc_public_key") return true;
    const isNist = type.family === EccFamily.SecpR1 && bits >= 256;
    if (this.#abilities().quirks.onlyNistCurves && !isNist) return false;
    const generation = CKM.EC_KEY_PAIR_GEN;
    return curveRow(type.family, bits) !== undefined &&
      (!this.has(generation) || this.#fits(generation, bits, "bits"));
  }

  #fits(mechanism: number, bits: number, unit: "bits" | "bytes"): boolean {
    const info = this.#abilities().mechanisms.get(mechanism);
    if (info === undefined) return false;
    const { minKeySize, maxKeySize } = info;
    if (maxKeySize === 0) return true;
    const size = unit === "bits" || maxKeySize >= LARGEST_AES_BYTES && minKeySize >= 128
      ? bits
      : bits / 8;
    return size >= minKeySize && size <= maxKeySize;
  }

  /** Whether the hash that an algorithm names can be had for it. */
  #hasHash(algorithm: Algorithm): boolean {
    switch (algorithm.kind) {
      case "rsa_pkcs1v15_sign":
      case "ecdsa":
      case "deterministic_ecdsa":
        return algorithm.hash === "any" || hashRow(algorithm.hash) !== undefined;
      case "rsa_pss":
        return algorithm.hash === "any" || this.#hasPssHash(algorithm.hash);
      case "rsa_oaep":
        return this.oaepWay(algorithm.hash, { hasLabel: false }) !== undefined;
      default:
        return true;
    }
  }

  #hasPssHash(hash: Hash): boolean {
    const row = hashRow(hash);
    return row?.pss !== undefined && row.mgf !== undefined && this.has(row.pss);
  }
}

/** Whether the padding of OAEP fits into a modulus (RFC 8017, section 7.1.1). */
function hasRoom(algorithm: Algorithm, bits: number): boolean {
  return algorithm.kind !== "rsa_oaep" || bits / 8 > 2 * hashLength(algorithm.hash) + 2;
}

function sizeName(type: KeyType, bits: number): string {
  return `${type.kind} ${"family" in type ? type.family : ""}:${bits}`;
}
