/**
 * An elliptic curve: its keys, to and from the bytes that PSA gives them (PSA Crypto API 1.0,
 * psa_export_key and psa_export_public_key).
 *
 * What the two kinds of curves have in common; {@linkcode WeierstrassCurve} and {@linkcode MontgomeryCurve}.
 */
import type { PKey } from "./pkey.ts";

export interface Curve extends Disposable {
  /** Bytes of a field element and of a shared secret. */
  readonly fieldBytes: number;
  /** Bytes of a private key and of each half of a signature. */
  readonly scalarBytes: number;
  /** Bytes of a public key. */
  readonly publicBytes: number;
  /** Whether the curve has points outside of the subgroup in use: peers then need a thorough check. */
  readonly hasCofactor: boolean;
  /** Bytes that a private key is derived from. */
  readonly candidateBytes: number;

  generate(): PKey;
  /** As `generate`, on another thread. */
  generateElsewhere(): Promise<PKey>;

  /**
   * The bytes of a private key as they are kept.
   * @returns `undefined` if it is not one: wrong length, or outside of its range.
   */
  normalisePrivate(data: Uint8Array): Uint8Array<ArrayBuffer> | undefined;
  /**
   * The normalised private key that is made of the bytes of a key derivation (PSA Crypto API 1.0,
   * psa_key_derivation_output_key).
   *
   * @param candidate `candidateBytes` bytes.
   * @returns `undefined` if they make none: the next ones are to be tried.
   */
  derivePrivate(candidate: Uint8Array): Uint8Array<ArrayBuffer> | undefined;
  /** The key pair of a normalised private key. */
  keyPair(privateKey: Uint8Array): PKey;
  /** @returns `undefined` if it is not the encoding of a point, wrong length included. */
  publicKey(data: Uint8Array): PKey | undefined;

  /** The normalised private key; the caller wipes it. */
  exportPrivate(key: PKey): Uint8Array<ArrayBuffer>;
  exportPublic(key: PKey): Uint8Array<ArrayBuffer>;
}
