/**
 * What the token can do, of what we know how to ask for. Key creation, CanDoCrypto and the primitives all ask
 * here, so they cannot disagree.
 */
import { CKF, CKM } from "../../ffi/pkcs11/mod.ts";
import { type Algorithm, algorithmName } from "../../src/psa/algorithm.ts";
import { type Hash, hashName } from "../../src/psa/hash.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import { EccFamily, isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { KeySupport, Registry } from "../../src/provider.ts";
import {
  type AlgorithmRow,
  algorithmRow,
  generalMacMechanism,
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

export interface RegistryOptions {
  /** Verify and encrypt with public keys in software. */
  readonly softwarePublicOperations: boolean;
  /** @throws {StatusError} If the token has not been seen yet. */
  readonly abilities: () => TokenAbilities;
}

/** AES keys are at most 32 bytes: a token with larger limits counts in bits. */
const LARGEST_AES_BYTES = 64;

export class Pkcs11Registry implements Registry {
  readonly #softwarePublicOperations: boolean;
  readonly #abilities: () => TokenAbilities;
  /** Sizes that the token has refused although its limits allow them: `ecc_key_pair 7:160`. */
  readonly #refused = new Set<string>();

  constructor({ softwarePublicOperations, abilities }: RegistryOptions) {
    this.#softwarePublicOperations = softwarePublicOperations;
    this.#abilities = abilities;
  }

  /** @throws {StatusError} If the token has not been seen yet. */
  keySupport(type: KeyType, bits: number): KeySupport | undefined {
    const row = keyTypeRow(type.kind);
    if (row === undefined || !isKeySize(type, bits) || !this.#hasCurve(type, bits)) {
      return undefined;
    }
    if (this.#refused.has(sizeName(type, bits))) return undefined;
    const isKnown = mechanismsOfKeyType(type.kind).some((mechanism) => this.has(mechanism));
    if (!isKnown) return undefined;
    const { generation, unit } = row;
    const generate = generation !== undefined && this.has(generation) &&
      (unit === undefined || this.#fits(generation, bits, unit));
    return { generate, import: true, derive: false };
  }

  supportsAlgorithm(algorithm: Algorithm, type: KeyType, bits: number): boolean {
    const row = algorithmRow(algorithm);
    if (row === undefined || this.keySupport(type, bits) === undefined) return false;
    if (!this.#hasHash(algorithm)) return false;
    const use = isPublicKey(type) ? row.publicUse : row.secretUse;
    if (use === 0) return false;
    if (isPublicKey(type) && this.#softwarePublicOperations) return true;
    return this.has(row.mechanism, use) && this.#fits(row.mechanism, bits, row.unit);
  }

  /**
   * The mechanism for an algorithm with a key.
   *
   * @throws {StatusError} PsaErrorNotSupported
   */
  row(algorithm: Algorithm, type: KeyType, bits: number): AlgorithmRow {
    const row = algorithmRow(algorithm);
    if (row !== undefined && this.supportsAlgorithm(algorithm, type, bits)) return row;
    throw notSupported(
      `Cannot use ${algorithmName(algorithm)} with ${type.kind} of ${bits} bits: not on this token`,
    );
  }

  /** The mechanisms a key may be used with, for its policy's algorithm; empty if there is none. */
  allowedMechanisms(algorithm: Algorithm): readonly number[] {
    const row = algorithmRow(algorithm);
    if (row === undefined) return [];
    const general = this.generalMac(algorithm);
    return general === undefined ? [row.mechanism] : [row.mechanism, general];
  }

  /** The mechanism for shortened MACs, if the token has it. */
  generalMac(algorithm: Algorithm): number | undefined {
    const mechanism = generalMacMechanism(algorithm);
    return mechanism !== undefined && this.has(mechanism) ? mechanism : undefined;
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
        return this.#hasOaepHash(algorithm.hash);
      default:
        return true;
    }
  }

  #hasPssHash(hash: Hash): boolean {
    const row = hashRow(hash);
    return row?.pss !== undefined && row.mgf !== undefined && this.has(row.pss);
  }

  /** Nothing says which hashes OAEP takes; a token without the digest won't take it. */
  #hasOaepHash(hash: Hash): boolean {
    const row = hashRow(hash);
    const { oaepHashes } = this.#abilities().quirks;
    return row?.mgf !== undefined && this.has(row.digest) &&
      (oaepHashes === undefined || oaepHashes.includes(hash));
  }
}

function sizeName(type: KeyType, bits: number): string {
  return `${type.kind} ${"family" in type ? type.family : ""}:${bits}`;
}
