/**
 * What the provider can do: key creation, CanDoCrypto and the primitives all ask here, so they cannot disagree.
 */
import type { Aead, Cipher, DhGroup, Digest, Kdf, MacAlgorithm } from "../../ffi/libcrypto/mod.ts";
import {
  type Aead as AeadAlgorithm,
  AEAD_TAG_LENGTH,
  Agreement,
  type Algorithm,
  type AsymmetricSignature,
  type Cipher as CipherAlgorithm,
  type KeyDerivation,
  type Mac,
  signatureHash,
} from "../../src/psa/algorithm.ts";
import { type Hash, hashLength, hashName, type HashOrAny } from "../../src/psa/hash.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import { isPublicKey, isSymmetric, type KeyType } from "../../src/psa/key_type.ts";
import type { KeySupport, Registry } from "../../src/provider.ts";
import { AEAD_LIMITS, CURVE_ROWS, MIN_MAC_LENGTH } from "./algorithms.ts";
import {
  type Available,
  type AvailableAead,
  type AvailableCipher,
  type AvailableCurve,
  blockMacKey,
  curveKey,
} from "./available.ts";
import { MAX_PSK_LENGTH } from "./premaster_secret.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import { plaintextRoom } from "./rsa.ts";

/** A MAC of libcrypto, or CBC-MAC made of a cipher. */
export type AvailableMac =
  & {
    /** Of the whole MAC, bytes. */
    readonly length: number;
  }
  & (
    | { readonly kind: "evp"; readonly algorithm: MacAlgorithm }
    | { readonly kind: "cbc_mac"; readonly cipher: Cipher }
  );

export class SoftwareRegistry implements Registry {
  readonly #available: Available;

  /** Uses what is available as long as its owner keeps it. */
  constructor(available: Available) {
    this.#available = available;
  }

  keySupport(type: KeyType, bits: number): KeySupport | undefined {
    if (!isKeySize(type, bits) || !this.#servesType(type, bits)) return undefined;
    return { generate: !isPublicKey(type), import: true, derive: isDerivable(type) };
  }

  supportsAlgorithm(algorithm: Algorithm, type: KeyType, bits: number): boolean {
    if (this.keySupport(type, bits) === undefined) return false;
    switch (algorithm.kind) {
      case "rsa_pkcs1v15_sign":
      case "rsa_pss":
        return isRsa(type) && this.#hasHash(algorithm.hash);
      case "rsa_pkcs1v15_sign_raw":
      case "rsa_pkcs1v15_crypt":
        return isRsa(type);
      case "rsa_oaep":
        return isRsa(type) && this.#hasHash(algorithm.hash) &&
          plaintextRoom(algorithm, bits, hashLength) > 0;
      case "ecdsa":
        return this.#signs(type, bits) && this.#hasHash(algorithm.hash);
      case "ecdsa_any":
        return this.#signs(type, bits);
      case "deterministic_ecdsa":
        return this.#signs(type, bits) && this.#hasHash(algorithm.hash) &&
          (isPublicKey(type) || this.deterministicEcdsa);
      case "aead":
        return this.#aead(algorithm, type, bits) !== undefined &&
          AEAD_LIMITS[algorithm.mode].tagLengths.includes(algorithm.tagLength ?? AEAD_TAG_LENGTH);
      case "cipher":
        return this.#cipher(algorithm, type, bits) !== undefined;
      case "hmac":
      case "cmac":
      case "cbc_mac":
        return hasLength(algorithm, this.#mac(algorithm, type, bits));
      case "raw_key_agreement":
        return isAgreementOf(algorithm.agreement, type);
      case "key_agreement_with_derivation":
        return isAgreementOf(algorithm.agreement, type) &&
          this.#derives(algorithm.derivation, bits);
      case "hkdf":
      case "tls12_prf":
      case "tls12_psk_to_ms":
        return type.kind === "derive" && this.#derives(algorithm, bits);
      case "none":
      case "hash":
        return false;
    }
  }

  /** Whether ECDSA can be signed deterministically; verifying does not differ. */
  get deterministicEcdsa(): boolean {
    return this.#available.deterministicEcdsa;
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  digest(hash: Hash): Digest {
    return found(this.#available.digests.get(hash), hashName(hash));
  }

  /** Checks that the hash an algorithm names is there. @throws {StatusError} PsaErrorNotSupported */
  requireHash(algorithm: AsymmetricSignature): void {
    const hash = signatureHash(algorithm);
    if (hash !== undefined && hash !== "any") this.digest(hash);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  curve(type: KeyType, bits: number): AvailableCurve {
    return found(this.#curve(type, bits), `a curve of ${bits} bits`);
  }

  /**
   * The one curve of a family whose keys have this length.
   *
   * @param length Bytes of a private or public key, as the type says.
   * @throws {StatusError} PsaErrorInvalidArgument if there is none, or more than one (sect233k1, sect239k1).
   */
  curveOfLength(type: KeyType, length: number): AvailableCurve {
    const lengthOf = ({ curve }: AvailableCurve) =>
      isPublicKey(type) ? curve.publicBytes : curve.scalarBytes;
    const fitting = CURVE_ROWS
      .filter((row) => "family" in type && row.family === type.family)
      .map((row) => this.#curve(type, row.bits))
      .filter((each) => each !== undefined && lengthOf(each) === length);
    const [only, ...others] = fitting;
    if (only !== undefined && others.length === 0) return only;
    throw invalidArgument(
      `Cannot tell the curve of a key: ${fitting.length} of its family have keys of ${length} bytes`,
    );
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  dhGroup(bits: number): DhGroup {
    return found(this.#available.dhGroups.get(bits), `a DH group of ${bits} bits`);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  aead(algorithm: AeadAlgorithm, type: KeyType, bits: number): Aead {
    return found(
      this.#aead(algorithm, type, bits),
      `this AEAD with a ${type.kind} of ${bits} bits`,
    );
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  cipher(algorithm: CipherAlgorithm, type: KeyType, bits: number): AvailableCipher {
    const cipher = this.#cipher(algorithm, type, bits);
    return found(cipher, `this cipher mode with a ${type.kind} of ${bits} bits`);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  mac(algorithm: Mac, type: KeyType, bits: number): AvailableMac {
    return found(this.#mac(algorithm, type, bits), `${algorithm.kind} with a ${type.kind}`);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  kdf(kind: KeyDerivation["kind"]): Kdf {
    return found(this.#available.kdfs.get(kind), kind);
  }

  #servesType(type: KeyType, bits: number): boolean {
    switch (type.kind) {
      case "raw_data":
      case "hmac":
      case "derive":
        return true;
      case "aes":
      case "camellia":
      case "chacha20":
      case "des":
      case "arc4":
        return this.#available.ciphers.values().some((each) => each.some(isFor(type, bits)));
      case "rsa_key_pair":
      case "rsa_public_key":
        return this.#available.rsa;
      case "ecc_key_pair":
      case "ecc_public_key":
        return this.#curve(type, bits) !== undefined;
      case "dh_key_pair":
      case "dh_public_key":
        return this.#available.dhGroups.has(bits);
    }
  }

  #hasHash(hash: HashOrAny): boolean {
    return hash === "any" || this.#available.digests.has(hash);
  }

  /** @param bits Of the key: its secret, or what it agrees on, is as long. */
  #derives({ kind, hash }: KeyDerivation, bits: number): boolean {
    return this.#available.kdfs.has(kind) && this.#hasHash(hash) &&
      (kind !== "tls12_psk_to_ms" || bits / 8 <= MAX_PSK_LENGTH);
  }

  #signs(type: KeyType, bits: number): boolean {
    return this.#curve(type, bits)?.signs ?? false;
  }

  #curve(type: KeyType, bits: number): AvailableCurve | undefined {
    if (type.kind !== "ecc_key_pair" && type.kind !== "ecc_public_key") return undefined;
    return this.#available.curves.get(curveKey({ family: type.family, bits }));
  }

  #aead({ mode }: AeadAlgorithm, type: KeyType, bits: number): Aead | undefined {
    return this.#available.aeads.get(mode)?.find(isFor(type, bits))?.aead;
  }

  #cipher({ mode }: CipherAlgorithm, type: KeyType, bits: number): AvailableCipher | undefined {
    return this.#available.ciphers.get(mode)?.find(isFor(type, bits));
  }

  #mac(algorithm: Mac, { kind }: KeyType, bits: number): AvailableMac | undefined {
    if (algorithm.kind === "hmac") {
      const hmac = this.#available.hmacs.get(algorithm.hash);
      if (kind !== "hmac" || hmac === undefined) return undefined;
      return { kind: "evp", algorithm: hmac, length: hashLength(algorithm.hash) };
    }
    const found = this.#available.blockMacs.get(blockMacKey({ type: kind, bits }));
    if (found === undefined) return undefined;
    const { cipher, cmac, row: { length } } = found;
    if (algorithm.kind === "cbc_mac") return { kind: "cbc_mac", cipher, length };
    return cmac && { kind: "evp", algorithm: cmac, length };
  }
}

/** Whether a cipher or AEAD takes these keys. */
function isFor(
  { kind }: KeyType,
  bits: number,
): (available: AvailableCipher | AvailableAead) => boolean {
  return ({ row }) => row.type === kind && (row.bits === "any" || row.bits === bits);
}

function isAgreementOf(agreement: Agreement, { kind }: KeyType): boolean {
  return kind === (agreement === Agreement.Ecdh ? "ecc_key_pair" : "dh_key_pair");
}

/** Whether there is a way from the bytes of a derivation to a key of this type. */
function isDerivable(type: KeyType): boolean {
  return type.kind === "ecc_key_pair" || (isSymmetric(type) && type.kind !== "des");
}

function isRsa({ kind }: KeyType): boolean {
  return kind === "rsa_key_pair" || kind === "rsa_public_key";
}

/** Whether the MAC that is there has a length as the algorithm wants it. */
function hasLength({ macLength }: Mac, mac: AvailableMac | undefined): boolean {
  if (mac === undefined) return false;
  return macLength === undefined || (macLength >= MIN_MAC_LENGTH && macLength <= mac.length);
}

function found<T>(item: T | undefined, what: string): T {
  if (item === undefined) throw notSupported(`Cannot use ${what}: not served`);
  return item;
}
