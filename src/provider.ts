/**
 * What a provider is to the service: primitives on its own key ids, and one registry of what it can do.
 *
 * Names, policies, sizes, limits, deprecation and the key info manager are dealt with before a primitive is
 * called (`src/back`), once for all providers. A provider translates to its library and back.
 */
import type { KeyIdentity } from "./key_info/key_info_manager.ts";
import type { MaybePromise } from "./maybe_promise.ts";
import type { Derivation } from "./operations/convert/key_derivation.ts";
import type { KeySource } from "./operations/convert/key_source.ts";
import type { OperationOf, Operations, ResultOf } from "./operations/operations.ts";
import type { ProviderId } from "./provider_id.ts";
import type { Algorithm } from "./psa/algorithm.ts";
import type { KeyAttributes, KeyPolicy } from "./psa/key_attributes.ts";
import type { KeyType } from "./psa/key_type.ts";

export interface ProviderIdentity {
  readonly id: ProviderId;
  /** RFC 4122 text form; the same for every provider of a kind (Parsec book, "Providers"). */
  readonly uuid: string;
  /** The name in the configuration. */
  readonly name: string;
}

/** What ListProviders says of a provider. */
export interface ProviderDescription {
  readonly description: string;
  readonly vendor: string;
  /** major, minor, revision */
  readonly version: readonly [number, number, number];
}

/** A usable key, as the key info manager has it. */
export interface Key {
  readonly id: Uint8Array;
  readonly attributes: KeyAttributes;
  /** Bound into what a provider stores, so that a key can't pass for another. */
  readonly identity: KeyIdentity;
}

/** A key that is being made. The attributes are valid, permitted and supported; bits may be 0 on import. */
export type NewKey = Key;

/** What the provider made. `keyId` differs from the announced one where it is only known afterwards. */
export interface CreatedKey {
  readonly keyId: Uint8Array;
  /** The size of the key in bits, as the provider knows it; never 0 for a type that has sizes. */
  readonly bits: number;
}

/** A key that the device has already, and that an application is to have from now on. */
export interface KeyToAdopt {
  readonly source: KeySource;
  readonly identity: KeyIdentity;
  readonly policy: KeyPolicy;
  /** Whether {@linkcode KeyManagement.destroyKey} deletes it from the device; else it only forgets it. */
  readonly deleteWithKey: boolean;
}

/** What the device says of it. `keyId` says too whether the key is to be deleted. */
export interface AdoptedKey {
  readonly keyId: Uint8Array;
  readonly type: KeyType;
  readonly bits: number;
  /** Other ids under which keys of the provider would be the same in the device. An application may have one. */
  readonly otherIds?: readonly Uint8Array[];
}

/** Making and unmaking keys, and getting their material out. */
export interface KeyManagement {
  /** The id the next key will have, or an empty array where only the device decides. Makes nothing. */
  reserveKeyId(): Uint8Array;
  generateKey?(key: NewKey): MaybePromise<CreatedKey>;
  /** @throws {StatusError} PsaErrorInvalidArgument if the data is not a key of this type and size. */
  importKey?(key: NewKey, data: Uint8Array): MaybePromise<CreatedKey>;
  /**
   * Makes a key of the first bytes that a derivation gives, as many as its type needs (PSA Crypto API 1.0,
   * psa_key_derivation_output_key).
   *
   * @param from The key that the secret comes from; its policy permits the derivation.
   * @throws {StatusError} PsaErrorInvalidArgument if the peer's key can't be used, PsaErrorInsufficientData if
   * the derivation gives too little.
   */
  deriveKey?(key: NewKey, from: Key, derivation: Derivation): MaybePromise<CreatedKey>;
  /**
   * Finds a key in the device. Changes nothing there.
   *
   * @throws {StatusError} PsaErrorDoesNotExist if there is none, PsaErrorInvalidArgument if the source says too
   * little, PsaErrorNotPermitted if the device does not allow it what the policy does, PsaErrorNotSupported for a
   * source of another kind of device, or a key that can't be served.
   */
  adoptKey?(key: KeyToAdopt): MaybePromise<AdoptedKey>;
  /** Forgets a key. A key that isn't there is no error: recovery may ask twice. */
  destroyKey(key: Key): MaybePromise<void>;
  /** In the PSA export format; the caller zeroes it. */
  exportKey?(key: Key): MaybePromise<Uint8Array>;
  exportPublicKey?(key: Key): MaybePromise<Uint8Array>;
}

/** Operations on one key of the provider. */
export const KEY_OPERATIONS = [
  "PsaSignHash",
  "PsaVerifyHash",
  "PsaSignMessage",
  "PsaVerifyMessage",
  "PsaAsymmetricEncrypt",
  "PsaAsymmetricDecrypt",
  "PsaAeadEncrypt",
  "PsaAeadDecrypt",
  "PsaCipherEncrypt",
  "PsaCipherDecrypt",
  "PsaMacCompute",
  "PsaMacVerify",
  "PsaRawKeyAgreement",
  "PsaDeriveBytes",
] as const satisfies readonly (keyof Operations)[];
export type KeyOperation = typeof KEY_OPERATIONS[number];

/** Operations that need no key. */
export const KEYLESS_OPERATIONS = [
  "PsaGenerateRandom",
  "PsaHashCompute",
  "PsaHashCompare",
] as const satisfies readonly (keyof Operations)[];
export type KeylessOperation = typeof KEYLESS_OPERATIONS[number];

/**
 * The primitives a provider has; what is absent answers PsaErrorNotSupported and is not in ListOpcodes.
 *
 * The bytes of a result are handed over: they are zeroed once the answer is encoded, so they must not be
 * views of anything that lives on. The bytes of an operation are views of the request, and stay as they are
 * until the primitive has returned or its promise has settled.
 */
export type Primitives =
  & { readonly [K in KeyOperation]?: KeyPrimitive<K> }
  & { readonly [K in KeylessOperation]?: KeylessPrimitive<K> };

export type KeyPrimitive<K extends KeyOperation> = (
  key: Key,
  operation: OperationOf<K>,
) => MaybePromise<ResultOf<K>>;

export type KeylessPrimitive<K extends KeylessOperation> = (
  operation: OperationOf<K>,
) => MaybePromise<ResultOf<K>>;

/** How a provider supports a key type at one size. */
export interface KeySupport {
  readonly generate: boolean;
  readonly import: boolean;
  readonly derive: boolean;
}

/**
 * The registry of a provider. Key creation, CanDoCrypto, ListOpcodes and the operations all read it, so they
 * cannot disagree.
 */
export interface Registry {
  /** `undefined` where the provider knows nothing of the type at this size (bits, valid for the type). */
  keySupport(type: KeyType, bits: number): KeySupport | undefined;
  /**
   * Whether a key of this type and size can be used with the algorithm, in every operation that keys of the type
   * take part in: a key pair in signing and verifying, a public key in verifying.
   */
  supportsAlgorithm(algorithm: Algorithm, type: KeyType, bits: number): boolean;
}

/** Proof that a key is in the device, for somebody far away (Parsec book, "Key attestation"). */
export interface KeyAttestation {
  /** What a credential must be made for. */
  prepare(attested: Key): MaybePromise<ResultOf<"PrepareKeyAttestation">>;
  /** The secret of a credential that was made for the key. @throws {StatusError} PsaErrorInvalidArgument */
  attest(
    attested: Key,
    credential: Pick<OperationOf<"AttestKey">, "credentialBlob" | "secret">,
  ): MaybePromise<ResultOf<"AttestKey">>;
}

/** Statements by a key of the device about its keys and the platform (TPM 2.0 Library, part 1, "Attestation"). */
export interface PlatformAttestation {
  identity(): MaybePromise<ResultOf<"GetAttestationIdentity">>;
  /** @throws {StatusError} PsaErrorInvalidArgument if the credential was made for others. */
  activate(
    credential: OperationOf<"ActivateAttestationKey">,
  ): MaybePromise<ResultOf<"ActivateAttestationKey">>;
  /** @param nonce At most 32 bytes. */
  certify(key: Key, nonce: Uint8Array): MaybePromise<ResultOf<"CertifyKey">>;
  /** @param pcrs Ascending, each once, 0 to 23; at least one. */
  quote(nonce: Uint8Array, pcrs: readonly number[]): MaybePromise<ResultOf<"QuotePlatform">>;
}

export interface CryptoProvider extends AsyncDisposable {
  readonly identity: ProviderIdentity;
  readonly description: ProviderDescription;
  readonly registry: Registry;
  readonly keys: KeyManagement;
  readonly primitives: Primitives;
  /** Absent where the device can't attest. */
  readonly attestation?: KeyAttestation;
  /** Absent where the device makes no statements. */
  readonly platformAttestation?: PlatformAttestation;
}
