/**
 * What the TPM at hand can do, in PSA's words. Key creation, CanDoCrypto and the primitives all ask here, so
 * they cannot disagree.
 */
import { TPM2_ALG, TPM2_CC } from "../../ffi/tss2/mod.ts";
import { Agreement, type Algorithm, CipherMode } from "../../src/psa/algorithm.ts";
import { type Hash, hashLength, hashName, type HashOrAny } from "../../src/psa/hash.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import { isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { KeySupport, Registry } from "../../src/provider.ts";
import {
  AES_BLOCK,
  CIPHER_ROWS,
  type CipherRow,
  CURVE_ROWS,
  type CurveRow,
  HASH_ROWS,
} from "./algorithms.ts";
import type { Capabilities } from "./capabilities.ts";
import { notSupported } from "./refusals.ts";

/** How a digest is put to the TPM for ECDSA. */
export interface EcdsaDigest {
  /** TPM2_ALG of a hash */
  readonly algorithm: number;
  /** Its length: the digest is filled up with zeros in front, bytes. */
  readonly length: number;
}

const GENERATE_AND_IMPORT: KeySupport = { generate: true, import: true, derive: false };
const IMPORT_ONLY: KeySupport = { generate: false, import: true, derive: false };

export class TpmRegistry implements Registry {
  readonly #capabilities: Capabilities;
  readonly #hashes: ReadonlyMap<Hash, number>;

  constructor(capabilities: Capabilities) {
    this.#capabilities = capabilities;
    this.#hashes = new Map(
      HASH_ROWS.flatMap(({ hash, algorithm }) =>
        algorithm !== undefined && capabilities.algorithms.has(algorithm) ? [[hash, algorithm]] : []
      ),
    );
  }

  keySupport(type: KeyType, bits: number): KeySupport | undefined {
    if (!isKeySize(type, bits) || !this.#servesType(type, bits)) return undefined;
    return isPublicKey(type) ? IMPORT_ONLY : GENERATE_AND_IMPORT;
  }

  supportsAlgorithm(algorithm: Algorithm, type: KeyType, bits: number): boolean {
    if (this.keySupport(type, bits) === undefined) return false;
    switch (algorithm.kind) {
      case "rsa_pkcs1v15_sign":
        return isRsa(type) && this.#has(TPM2_ALG.RSASSA) && this.hasHash(algorithm.hash);
      case "rsa_pss":
        return isRsa(type) && this.#has(TPM2_ALG.RSAPSS) && this.hasHash(algorithm.hash);
      case "rsa_pkcs1v15_crypt":
        return isRsa(type) && this.#has(TPM2_ALG.RSAES);
      case "rsa_oaep":
        return isRsa(type) && this.#has(TPM2_ALG.OAEP) && this.hasHash(algorithm.hash) &&
          bits / 8 >= 2 * hashLength(algorithm.hash) + 2;
      case "ecdsa":
        return this.#signs(type) && this.#hashesForEcdsa(algorithm.hash, bits);
      case "ecdsa_any":
        return this.#signs(type);
      case "deterministic_ecdsa":
        // A TPM's signatures are randomised; verifying makes no difference.
        return this.#signs(type) && isPublicKey(type) &&
          this.#hashesForEcdsa(algorithm.hash, bits);
      case "raw_key_agreement":
        return algorithm.agreement === Agreement.Ecdh && type.kind === "ecc_key_pair" &&
          this.#has(TPM2_ALG.ECDH);
      case "hmac":
        return type.kind === "hmac" && this.hasHash(algorithm.hash) &&
          (algorithm.macLength ?? 1) <= hashLength(algorithm.hash);
      case "cmac":
        return type.kind === "aes" && this.#has(TPM2_ALG.CMAC) && this.#macs() &&
          (algorithm.macLength ?? 1) <= AES_BLOCK;
      case "cipher":
        return type.kind === "aes" && this.cipherRow(algorithm.mode) !== undefined;
      default:
        return false;
    }
  }

  /** Whether the TPM has the hash; for "any", whether it has one at all. */
  hasHash(hash: HashOrAny): boolean {
    return hash === "any" ? this.#hashes.size > 0 : this.#hashes.has(hash);
  }

  /** TPM2_ALG @throws {StatusError} PsaErrorNotSupported */
  hash(hash: Hash): number {
    const algorithm = this.#hashes.get(hash);
    if (algorithm === undefined) {
      throw notSupported(`Cannot use ${hashName(hash)}: the TPM does not have it`);
    }
    return algorithm;
  }

  /**
   * How a digest of any hash is signed with ECDSA, which does not say in the signature which hash it was: by the
   * hash itself where the TPM has it, else by another one of its length, or of a longer one that the curve
   * does not cut (SEC 1, section 4.1.3, step 5: then zeros in front change nothing).
   *
   * @param hash `undefined` for a digest of `length` bytes of whichever hash.
   */
  ecdsaDigest(hash: Hash | undefined, length: number, bits: number): EcdsaDigest | undefined {
    const own = hash === undefined ? undefined : this.#hashes.get(hash);
    if (own !== undefined) return { algorithm: own, length };
    if (hash !== undefined && !HASH_ROWS.some((row) => row.hash === hash)) return undefined;
    const fitting = [...this.#hashes]
      .map(([each, algorithm]) => ({ algorithm, length: hashLength(each) }))
      .filter((each) => each.length === length || (each.length > length && each.length * 8 <= bits))
      .toSorted((a, b) => a.length - b.length);
    return fitting[0];
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  curve(type: KeyType, bits: number): CurveRow {
    const row = this.#curve(type, bits);
    if (row === undefined) {
      throw notSupported(`Cannot use a curve of ${bits} bits: the TPM does not have it`);
    }
    return row;
  }

  /** The curve of a family whose private keys, or public keys, have this length; bytes. */
  curveOfLength(type: KeyType, length: number): CurveRow | undefined {
    return CURVE_ROWS.find((row) => {
      const field = Math.ceil(row.bits / 8);
      const wanted = isPublicKey(type) ? 1 + 2 * field : field;
      return wanted === length && this.#curve(type, row.bits) === row;
    });
  }

  /** `undefined` where the TPM does not have the mode. */
  cipherRow(mode: CipherMode): CipherRow | undefined {
    const row = CIPHER_ROWS.find((each) => each.mode === mode);
    return row !== undefined && this.#has(row.algorithm) ? row : undefined;
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  cipher(mode: CipherMode): CipherRow {
    const row = this.cipherRow(mode);
    if (row === undefined) {
      throw notSupported(`Cannot use cipher mode ${mode}: the TPM does not have it`);
    }
    return row;
  }

  #has(algorithm: number): boolean {
    return this.#capabilities.algorithms.has(algorithm);
  }

  #servesType(type: KeyType, bits: number): boolean {
    const { rsaSizes, aesSizes, commands } = this.#capabilities;
    switch (type.kind) {
      case "rsa_key_pair":
      case "rsa_public_key":
        return rsaSizes.has(bits);
      case "ecc_key_pair":
      case "ecc_public_key":
        return this.#curve(type, bits) !== undefined;
      case "hmac":
        return this.#has(TPM2_ALG.KEYEDHASH) && this.#has(TPM2_ALG.HMAC) && this.#macs();
      case "aes":
        return aesSizes.has(bits) && commands.has(TPM2_CC.EncryptDecrypt2);
      default:
        return false;
    }
  }

  /** Newer TPMs have TPM2_MAC in its place, under the same number. */
  #macs(): boolean {
    return this.#capabilities.commands.has(TPM2_CC.HMAC);
  }

  #signs(type: KeyType): boolean {
    return (type.kind === "ecc_key_pair" || type.kind === "ecc_public_key") &&
      this.#has(TPM2_ALG.ECDSA);
  }

  #hashesForEcdsa(hash: HashOrAny, bits: number): boolean {
    if (hash === "any") return this.#hashes.size > 0;
    return this.ecdsaDigest(hash, hashLength(hash), bits) !== undefined;
  }

  #curve(type: KeyType, bits: number): CurveRow | undefined {
    if (!("family" in type)) return undefined;
    return CURVE_ROWS.find((row) =>
      row.family === type.family && row.bits === bits && this.#capabilities.curves.has(row.curve)
    );
  }
}

function isRsa({ kind }: KeyType): boolean {
  return kind === "rsa_key_pair" || kind === "rsa_public_key";
}
