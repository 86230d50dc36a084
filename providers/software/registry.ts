/**
 * The rows of `algorithms.ts` that the installed libcrypto has. Key creation, CanDoCrypto and the primitives
 * all ask here, so they cannot disagree.
 */
import {
  Cipher,
  type Curve,
  Digest,
  hasKeyType,
  hasSigningParam,
  type Libcrypto,
  MontgomeryCurve,
  RSA_KEY_TYPE,
  WeierstrassCurve,
} from "../../ffi/libcrypto/mod.ts";
import {
  type Aead,
  AEAD_TAG_LENGTH,
  type AeadMode,
  Agreement,
  type Algorithm,
  type AsymmetricSignature,
  signatureHash,
} from "../../src/psa/algorithm.ts";
import { type Hash, hashLength, hashName, type HashOrAny } from "../../src/psa/hash.ts";
import { isKeySize } from "../../src/psa/key_sizes.ts";
import { isPublicKey, type KeyType } from "../../src/psa/key_type.ts";
import type { KeySupport, Registry } from "../../src/provider.ts";
import {
  AEAD_LIMITS,
  AEAD_ROWS,
  CURVE_ROWS,
  type CurveRow,
  HASH_ROWS,
  NONCE_TYPE_PARAM,
} from "./algorithms.ts";
import { invalidArgument, notSupported } from "./refusals.ts";
import { plaintextRoom } from "./rsa.ts";

/** A curve that can be used. */
export interface AvailableCurve {
  readonly curve: Curve;
  readonly bits: number;
  /** Whether its operations are done at once. */
  readonly quick: boolean;
  /** Whether it can sign; a Montgomery curve only agrees. */
  readonly signs: boolean;
}

const GENERATE_AND_IMPORT: KeySupport = { generate: true, import: true, derive: false };
const IMPORT_ONLY: KeySupport = { generate: false, import: true, derive: false };

export class SoftwareRegistry implements Registry, Disposable {
  readonly #owned = new DisposableStack();
  readonly #digests: ReadonlyMap<Hash, Digest>;
  readonly #curves: ReadonlyMap<string, AvailableCurve>;
  readonly #aeads: ReadonlyMap<string, Cipher>;
  readonly #rsa: boolean;
  /** Whether libcrypto signs deterministically; verifying does not differ. */
  readonly deterministicEcdsa: boolean;

  constructor(library: Libcrypto) {
    this.#digests = this.#openDigests(library);
    this.#curves = this.#openCurves(library);
    this.#aeads = this.#openAeads(library);
    this.#rsa = hasKeyType(library, RSA_KEY_TYPE);
    this.deterministicEcdsa = [...this.#curves.values()].some(signsDeterministically);
  }

  keySupport(type: KeyType, bits: number): KeySupport | undefined {
    if (!isKeySize(type, bits) || !this.#servesType(type, bits)) return undefined;
    return isPublicKey(type) ? IMPORT_ONLY : GENERATE_AND_IMPORT;
  }

  supportsAlgorithm(algorithm: Algorithm, type: KeyType, bits: number): boolean {
    if (this.keySupport(type, bits) === undefined) return false;
    switch (algorithm.kind) {
      case "ecdsa":
        return this.#signs(type, bits) && this.#hasHash(algorithm.hash);
      case "ecdsa_any":
        return this.#signs(type, bits);
      case "deterministic_ecdsa":
        return this.#signs(type, bits) && this.#hasHash(algorithm.hash) &&
          (isPublicKey(type) || this.deterministicEcdsa);
      case "raw_key_agreement":
        return algorithm.agreement === Agreement.Ecdh && type.kind === "ecc_key_pair";
      case "rsa_pkcs1v15_sign":
      case "rsa_pss":
        return isRsa(type) && this.#hasHash(algorithm.hash);
      case "rsa_pkcs1v15_sign_raw":
      case "rsa_pkcs1v15_crypt":
        return isRsa(type);
      case "aead":
        return this.#aeads.has(aeadKey(type.kind, bits, algorithm.mode)) &&
          AEAD_LIMITS[algorithm.mode].tagLengths.includes(algorithm.tagLength ?? AEAD_TAG_LENGTH);
      case "rsa_oaep":
        return isRsa(type) && this.#hasHash(algorithm.hash) &&
          plaintextRoom(algorithm, bits, hashLength) > 0;
      default:
        return false;
    }
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  digest(hash: Hash): Digest {
    const digest = this.#digests.get(hash);
    if (digest === undefined) throw notSupported(`Cannot use ${hashName(hash)}: not in libcrypto`);
    return digest;
  }

  /** Checks that the hash an algorithm names is there. @throws {StatusError} PsaErrorNotSupported */
  requireHash(algorithm: AsymmetricSignature): void {
    const hash = signatureHash(algorithm);
    if (hash !== undefined && hash !== "any") this.digest(hash);
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  curve(type: KeyType, bits: number): AvailableCurve {
    const found = this.#curve(type, bits);
    if (found === undefined) throw notSupported(`Cannot use a curve of ${bits} bits: not served`);
    return found;
  }

  /** @throws {StatusError} PsaErrorNotSupported */
  aead({ mode }: Aead, { kind }: KeyType, bits: number): Cipher {
    const cipher = this.#aeads.get(aeadKey(kind, bits, mode));
    if (cipher !== undefined) return cipher;
    throw notSupported(`Cannot use this AEAD with a ${kind} of ${bits} bits: not served`);
  }

  /**
   * The one curve of a family whose keys have this length.
   *
   * @param length Bytes of a private or public key, as the type says.
   * @throws {StatusError} PsaErrorInvalidArgument if there is none, or more than one (sect233k1, sect239k1).
   */
  curveOfLength(type: KeyType, length: number): AvailableCurve {
    const fitting = CURVE_ROWS.flatMap((row) => {
      const found = "family" in type && row.family === type.family && this.#curve(type, row.bits);
      if (!found) return [];
      const { curve } = found;
      return length === (isPublicKey(type) ? curve.publicBytes : curve.fieldBytes) ? [found] : [];
    });
    const [only, ...others] = fitting;
    if (only !== undefined && others.length === 0) return only;
    throw invalidArgument(
      `Cannot tell the curve of a key: ${fitting.length} of its family have keys of ${length} bytes`,
    );
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }

  #servesType(type: KeyType, bits: number): boolean {
    switch (type.kind) {
      case "raw_data":
      case "hmac":
      case "derive":
      case "aes":
      case "camellia":
      case "chacha20":
        return true;
      case "rsa_key_pair":
      case "rsa_public_key":
        return this.#rsa;
      case "ecc_key_pair":
      case "ecc_public_key":
        return this.#curve(type, bits) !== undefined;
      default:
        return false;
    }
  }

  #hasHash(hash: HashOrAny): boolean {
    return hash === "any" || this.#digests.has(hash);
  }

  #signs(type: KeyType, bits: number): boolean {
    return this.#curve(type, bits)?.signs ?? false;
  }

  #curve(type: KeyType, bits: number): AvailableCurve | undefined {
    return "family" in type ? this.#curves.get(curveKey(type.family, bits)) : undefined;
  }

  #openAeads(library: Libcrypto): ReadonlyMap<string, Cipher> {
    const aeads = new Map<string, Cipher>();
    for (const { type, bits, mode, cipher } of AEAD_ROWS) {
      const found = Cipher.fetch(library, cipher);
      if (found !== undefined) aeads.set(aeadKey(type, bits, mode), this.#owned.use(found));
    }
    return aeads;
  }

  #openDigests(library: Libcrypto): ReadonlyMap<Hash, Digest> {
    const digests = new Map<Hash, Digest>();
    for (const { hash, digest } of HASH_ROWS) {
      const found = Digest.fetch(library, digest);
      if (found !== undefined) digests.set(hash, this.#owned.use(found));
    }
    return digests;
  }

  #openCurves(library: Libcrypto): ReadonlyMap<string, AvailableCurve> {
    const curves = new Map<string, AvailableCurve>();
    for (const row of CURVE_ROWS) {
      const curve = openCurve(library, row);
      if (curve === undefined) continue;
      this.#owned.use(curve);
      const { family, bits, name, quick = false } = row;
      curves.set(curveKey(family, bits), {
        curve,
        bits,
        quick,
        signs: name.form === "weierstrass",
      });
    }
    return curves;
  }
}

function isRsa({ kind }: KeyType): boolean {
  return kind === "rsa_key_pair" || kind === "rsa_public_key";
}

function openCurve(library: Libcrypto, { name }: CurveRow): Curve | undefined {
  return name.form === "weierstrass"
    ? WeierstrassCurve.open(library, name.group)
    : MontgomeryCurve.open(library, name.name);
}

/** Asked with a fresh key of a quick curve, which takes microseconds. */
function signsDeterministically({ curve, quick, signs }: AvailableCurve): boolean {
  if (!quick || !signs) return false;
  using key = curve.generate();
  return hasSigningParam(key, NONCE_TYPE_PARAM);
}

function aeadKey(type: string, bits: number, mode: AeadMode): string {
  return `${type}:${bits}:${mode}`;
}

function curveKey(family: number, bits: number): string {
  return `${family}:${bits}`;
}
