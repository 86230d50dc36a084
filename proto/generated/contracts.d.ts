// Made from the contracts by proto/generate.ts; not to be edited.
import type { Reader, Writer } from "protobufjs/minimal";

/** Writes the fields of a message; no length before them. */
export type Encode<T> = (message: T, writer: Writer) => Writer;
/** Reads the fields of a message up to the reader's end. */
export type Decode<T> = (reader: Reader) => T;

export namespace attest_key {
  interface Operation {
    readonly attested_key_name: string;
    readonly parameters?: attest_key.AttestationMechanismParams | null;
    readonly attesting_key_name: string;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly output?: attest_key.AttestationOutput | null;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
  interface AttestationMechanismParams {
    readonly activate_credential?: attest_key.AttestationMechanismParams.ActivateCredential | null;
  }
  namespace AttestationMechanismParams {
    const encode: Encode<AttestationMechanismParams>;
    const decode: Decode<AttestationMechanismParams>;
    interface ActivateCredential {
      readonly credential_blob: Uint8Array;
      readonly secret: Uint8Array;
    }
    namespace ActivateCredential {
      const encode: Encode<ActivateCredential>;
      const decode: Decode<ActivateCredential>;
    }
  }
  interface AttestationOutput {
    readonly activate_credential?: attest_key.AttestationOutput.ActivateCredential | null;
  }
  namespace AttestationOutput {
    const encode: Encode<AttestationOutput>;
    const decode: Decode<AttestationOutput>;
    interface ActivateCredential {
      readonly credential: Uint8Array;
    }
    namespace ActivateCredential {
      const encode: Encode<ActivateCredential>;
      const decode: Decode<ActivateCredential>;
    }
  }
}

export namespace can_do_crypto {
  const CheckType: {
    readonly CHECK_TYPE_NONE: 0;
    readonly USE: 1;
    readonly GENERATE: 2;
    readonly IMPORT: 3;
    readonly DERIVE: 4;
  };
  interface Operation {
    readonly check_type: number;
    readonly attributes?: psa_key_attributes.KeyAttributes | null;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_key_attributes {
  interface KeyAttributes {
    readonly key_type?: psa_key_attributes.KeyType | null;
    readonly key_bits: number;
    readonly key_policy?: psa_key_attributes.KeyPolicy | null;
  }
  namespace KeyAttributes {
    const encode: Encode<KeyAttributes>;
    const decode: Decode<KeyAttributes>;
  }
  interface KeyType {
    readonly raw_data?: psa_key_attributes.KeyType.RawData | null;
    readonly hmac?: psa_key_attributes.KeyType.Hmac | null;
    readonly derive?: psa_key_attributes.KeyType.Derive | null;
    readonly aes?: psa_key_attributes.KeyType.Aes | null;
    readonly des?: psa_key_attributes.KeyType.Des | null;
    readonly camellia?: psa_key_attributes.KeyType.Camellia | null;
    readonly arc4?: psa_key_attributes.KeyType.Arc4 | null;
    readonly chacha20?: psa_key_attributes.KeyType.Chacha20 | null;
    readonly rsa_public_key?: psa_key_attributes.KeyType.RsaPublicKey | null;
    readonly rsa_key_pair?: psa_key_attributes.KeyType.RsaKeyPair | null;
    readonly ecc_key_pair?: psa_key_attributes.KeyType.EccKeyPair | null;
    readonly ecc_public_key?: psa_key_attributes.KeyType.EccPublicKey | null;
    readonly dh_key_pair?: psa_key_attributes.KeyType.DhKeyPair | null;
    readonly dh_public_key?: psa_key_attributes.KeyType.DhPublicKey | null;
  }
  namespace KeyType {
    const encode: Encode<KeyType>;
    const decode: Decode<KeyType>;
    type RawData = Readonly<Record<never, never>>;
    namespace RawData {
      const encode: Encode<RawData>;
      const decode: Decode<RawData>;
    }
    type Hmac = Readonly<Record<never, never>>;
    namespace Hmac {
      const encode: Encode<Hmac>;
      const decode: Decode<Hmac>;
    }
    type Derive = Readonly<Record<never, never>>;
    namespace Derive {
      const encode: Encode<Derive>;
      const decode: Decode<Derive>;
    }
    type Aes = Readonly<Record<never, never>>;
    namespace Aes {
      const encode: Encode<Aes>;
      const decode: Decode<Aes>;
    }
    type Des = Readonly<Record<never, never>>;
    namespace Des {
      const encode: Encode<Des>;
      const decode: Decode<Des>;
    }
    type Camellia = Readonly<Record<never, never>>;
    namespace Camellia {
      const encode: Encode<Camellia>;
      const decode: Decode<Camellia>;
    }
    type Arc4 = Readonly<Record<never, never>>;
    namespace Arc4 {
      const encode: Encode<Arc4>;
      const decode: Decode<Arc4>;
    }
    type Chacha20 = Readonly<Record<never, never>>;
    namespace Chacha20 {
      const encode: Encode<Chacha20>;
      const decode: Decode<Chacha20>;
    }
    type RsaPublicKey = Readonly<Record<never, never>>;
    namespace RsaPublicKey {
      const encode: Encode<RsaPublicKey>;
      const decode: Decode<RsaPublicKey>;
    }
    type RsaKeyPair = Readonly<Record<never, never>>;
    namespace RsaKeyPair {
      const encode: Encode<RsaKeyPair>;
      const decode: Decode<RsaKeyPair>;
    }
    const EccFamily: {
      readonly ECC_FAMILY_NONE: 0;
      readonly SECP_K1: 1;
      readonly SECP_R1: 2;
      readonly SECP_R2: 3;
      readonly SECT_K1: 4;
      readonly SECT_R1: 5;
      readonly SECT_R2: 6;
      readonly BRAINPOOL_P_R1: 7;
      readonly FRP: 8;
      readonly MONTGOMERY: 9;
    };
    interface EccKeyPair {
      readonly curve_family: number;
    }
    namespace EccKeyPair {
      const encode: Encode<EccKeyPair>;
      const decode: Decode<EccKeyPair>;
    }
    interface EccPublicKey {
      readonly curve_family: number;
    }
    namespace EccPublicKey {
      const encode: Encode<EccPublicKey>;
      const decode: Decode<EccPublicKey>;
    }
    const DhFamily: {
      readonly RFC7919: 0;
    };
    interface DhKeyPair {
      readonly group_family: number;
    }
    namespace DhKeyPair {
      const encode: Encode<DhKeyPair>;
      const decode: Decode<DhKeyPair>;
    }
    interface DhPublicKey {
      readonly group_family: number;
    }
    namespace DhPublicKey {
      const encode: Encode<DhPublicKey>;
      const decode: Decode<DhPublicKey>;
    }
  }
  interface KeyPolicy {
    readonly key_usage_flags?: psa_key_attributes.UsageFlags | null;
    readonly key_algorithm?: psa_algorithm.Algorithm | null;
  }
  namespace KeyPolicy {
    const encode: Encode<KeyPolicy>;
    const decode: Decode<KeyPolicy>;
  }
  interface UsageFlags {
    readonly export: boolean;
    readonly copy: boolean;
    readonly cache: boolean;
    readonly encrypt: boolean;
    readonly decrypt: boolean;
    readonly sign_message: boolean;
    readonly verify_message: boolean;
    readonly sign_hash: boolean;
    readonly verify_hash: boolean;
    readonly derive: boolean;
  }
  namespace UsageFlags {
    const encode: Encode<UsageFlags>;
    const decode: Decode<UsageFlags>;
  }
}

export namespace psa_algorithm {
  interface Algorithm {
    readonly none?: psa_algorithm.Algorithm.None | null;
    readonly hash?: number | null;
    readonly mac?: psa_algorithm.Algorithm.Mac | null;
    readonly cipher?: number | null;
    readonly aead?: psa_algorithm.Algorithm.Aead | null;
    readonly asymmetric_signature?: psa_algorithm.Algorithm.AsymmetricSignature | null;
    readonly asymmetric_encryption?: psa_algorithm.Algorithm.AsymmetricEncryption | null;
    readonly key_agreement?: psa_algorithm.Algorithm.KeyAgreement | null;
    readonly key_derivation?: psa_algorithm.Algorithm.KeyDerivation | null;
  }
  namespace Algorithm {
    const encode: Encode<Algorithm>;
    const decode: Decode<Algorithm>;
    type None = Readonly<Record<never, never>>;
    namespace None {
      const encode: Encode<None>;
      const decode: Decode<None>;
    }
    const Hash: {
      readonly HASH_NONE: 0;
      readonly MD2: 1;
      readonly MD4: 2;
      readonly MD5: 3;
      readonly RIPEMD160: 4;
      readonly SHA_1: 5;
      readonly SHA_224: 6;
      readonly SHA_256: 7;
      readonly SHA_384: 8;
      readonly SHA_512: 9;
      readonly SHA_512_224: 10;
      readonly SHA_512_256: 11;
      readonly SHA3_224: 12;
      readonly SHA3_256: 13;
      readonly SHA3_384: 14;
      readonly SHA3_512: 15;
    };
    interface Mac {
      readonly full_length?: psa_algorithm.Algorithm.Mac.FullLength | null;
      readonly truncated?: psa_algorithm.Algorithm.Mac.Truncated | null;
    }
    namespace Mac {
      const encode: Encode<Mac>;
      const decode: Decode<Mac>;
      interface FullLength {
        readonly hmac?: psa_algorithm.Algorithm.Mac.FullLength.Hmac | null;
        readonly cbc_mac?: psa_algorithm.Algorithm.Mac.FullLength.CbcMac | null;
        readonly cmac?: psa_algorithm.Algorithm.Mac.FullLength.Cmac | null;
      }
      namespace FullLength {
        const encode: Encode<FullLength>;
        const decode: Decode<FullLength>;
        interface Hmac {
          readonly hash_alg: number;
        }
        namespace Hmac {
          const encode: Encode<Hmac>;
          const decode: Decode<Hmac>;
        }
        type CbcMac = Readonly<Record<never, never>>;
        namespace CbcMac {
          const encode: Encode<CbcMac>;
          const decode: Decode<CbcMac>;
        }
        type Cmac = Readonly<Record<never, never>>;
        namespace Cmac {
          const encode: Encode<Cmac>;
          const decode: Decode<Cmac>;
        }
      }
      interface Truncated {
        readonly mac_alg?: psa_algorithm.Algorithm.Mac.FullLength | null;
        readonly mac_length: number;
      }
      namespace Truncated {
        const encode: Encode<Truncated>;
        const decode: Decode<Truncated>;
      }
    }
    const Cipher: {
      readonly CIPHER_NONE: 0;
      readonly STREAM_CIPHER: 1;
      readonly CTR: 2;
      readonly CFB: 3;
      readonly OFB: 4;
      readonly XTS: 5;
      readonly ECB_NO_PADDING: 6;
      readonly CBC_NO_PADDING: 7;
      readonly CBC_PKCS7: 8;
    };
    interface Aead {
      readonly aead_with_default_length_tag?: number | null;
      readonly aead_with_shortened_tag?: psa_algorithm.Algorithm.Aead.AeadWithShortenedTag | null;
    }
    namespace Aead {
      const encode: Encode<Aead>;
      const decode: Decode<Aead>;
      const AeadWithDefaultLengthTag: {
        readonly AEAD_WITH_DEFAULT_LENGTH_TAG_NONE: 0;
        readonly CCM: 1;
        readonly GCM: 2;
        readonly CHACHA20_POLY1305: 3;
      };
      interface AeadWithShortenedTag {
        readonly aead_alg: number;
        readonly tag_length: number;
      }
      namespace AeadWithShortenedTag {
        const encode: Encode<AeadWithShortenedTag>;
        const decode: Decode<AeadWithShortenedTag>;
      }
    }
    interface AsymmetricSignature {
      readonly rsa_pkcs1v15_sign?: psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15Sign | null;
      readonly rsa_pkcs1v15_sign_raw?: psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15SignRaw | null;
      readonly rsa_pss?: psa_algorithm.Algorithm.AsymmetricSignature.RsaPss | null;
      readonly ecdsa?: psa_algorithm.Algorithm.AsymmetricSignature.Ecdsa | null;
      readonly ecdsa_any?: psa_algorithm.Algorithm.AsymmetricSignature.EcdsaAny | null;
      readonly deterministic_ecdsa?: psa_algorithm.Algorithm.AsymmetricSignature.DeterministicEcdsa | null;
    }
    namespace AsymmetricSignature {
      const encode: Encode<AsymmetricSignature>;
      const decode: Decode<AsymmetricSignature>;
      interface SignHash {
        readonly any?: psa_algorithm.Algorithm.AsymmetricSignature.SignHash.Any | null;
        readonly specific?: number | null;
      }
      namespace SignHash {
        const encode: Encode<SignHash>;
        const decode: Decode<SignHash>;
        type Any = Readonly<Record<never, never>>;
        namespace Any {
          const encode: Encode<Any>;
          const decode: Decode<Any>;
        }
      }
      interface RsaPkcs1v15Sign {
        readonly hash_alg?: psa_algorithm.Algorithm.AsymmetricSignature.SignHash | null;
      }
      namespace RsaPkcs1v15Sign {
        const encode: Encode<RsaPkcs1v15Sign>;
        const decode: Decode<RsaPkcs1v15Sign>;
      }
      type RsaPkcs1v15SignRaw = Readonly<Record<never, never>>;
      namespace RsaPkcs1v15SignRaw {
        const encode: Encode<RsaPkcs1v15SignRaw>;
        const decode: Decode<RsaPkcs1v15SignRaw>;
      }
      interface RsaPss {
        readonly hash_alg?: psa_algorithm.Algorithm.AsymmetricSignature.SignHash | null;
      }
      namespace RsaPss {
        const encode: Encode<RsaPss>;
        const decode: Decode<RsaPss>;
      }
      interface Ecdsa {
        readonly hash_alg?: psa_algorithm.Algorithm.AsymmetricSignature.SignHash | null;
      }
      namespace Ecdsa {
        const encode: Encode<Ecdsa>;
        const decode: Decode<Ecdsa>;
      }
      type EcdsaAny = Readonly<Record<never, never>>;
      namespace EcdsaAny {
        const encode: Encode<EcdsaAny>;
        const decode: Decode<EcdsaAny>;
      }
      interface DeterministicEcdsa {
        readonly hash_alg?: psa_algorithm.Algorithm.AsymmetricSignature.SignHash | null;
      }
      namespace DeterministicEcdsa {
        const encode: Encode<DeterministicEcdsa>;
        const decode: Decode<DeterministicEcdsa>;
      }
    }
    interface AsymmetricEncryption {
      readonly rsa_pkcs1v15_crypt?: psa_algorithm.Algorithm.AsymmetricEncryption.RsaPkcs1v15Crypt | null;
      readonly rsa_oaep?: psa_algorithm.Algorithm.AsymmetricEncryption.RsaOaep | null;
    }
    namespace AsymmetricEncryption {
      const encode: Encode<AsymmetricEncryption>;
      const decode: Decode<AsymmetricEncryption>;
      type RsaPkcs1v15Crypt = Readonly<Record<never, never>>;
      namespace RsaPkcs1v15Crypt {
        const encode: Encode<RsaPkcs1v15Crypt>;
        const decode: Decode<RsaPkcs1v15Crypt>;
      }
      interface RsaOaep {
        readonly hash_alg: number;
      }
      namespace RsaOaep {
        const encode: Encode<RsaOaep>;
        const decode: Decode<RsaOaep>;
      }
    }
    interface KeyAgreement {
      readonly raw?: number | null;
      readonly with_key_derivation?: psa_algorithm.Algorithm.KeyAgreement.WithKeyDerivation | null;
    }
    namespace KeyAgreement {
      const encode: Encode<KeyAgreement>;
      const decode: Decode<KeyAgreement>;
      const Raw: {
        readonly RAW_NONE: 0;
        readonly FFDH: 1;
        readonly ECDH: 2;
      };
      interface WithKeyDerivation {
        readonly ka_alg: number;
        readonly kdf_alg?: psa_algorithm.Algorithm.KeyDerivation | null;
      }
      namespace WithKeyDerivation {
        const encode: Encode<WithKeyDerivation>;
        const decode: Decode<WithKeyDerivation>;
      }
    }
    interface KeyDerivation {
      readonly hkdf?: psa_algorithm.Algorithm.KeyDerivation.Hkdf | null;
      readonly tls12_prf?: psa_algorithm.Algorithm.KeyDerivation.Tls12Prf | null;
      readonly tls12_psk_to_ms?: psa_algorithm.Algorithm.KeyDerivation.Tls12PskToMs | null;
    }
    namespace KeyDerivation {
      const encode: Encode<KeyDerivation>;
      const decode: Decode<KeyDerivation>;
      interface Hkdf {
        readonly hash_alg: number;
      }
      namespace Hkdf {
        const encode: Encode<Hkdf>;
        const decode: Decode<Hkdf>;
      }
      interface Tls12Prf {
        readonly hash_alg: number;
      }
      namespace Tls12Prf {
        const encode: Encode<Tls12Prf>;
        const decode: Decode<Tls12Prf>;
      }
      interface Tls12PskToMs {
        readonly hash_alg: number;
      }
      namespace Tls12PskToMs {
        const encode: Encode<Tls12PskToMs>;
        const decode: Decode<Tls12PskToMs>;
      }
    }
  }
}

export namespace delete_client {
  interface Operation {
    readonly client: string;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace list_authenticators {
  interface AuthenticatorInfo {
    readonly description: string;
    readonly version_maj: number;
    readonly version_min: number;
    readonly version_rev: number;
    readonly id: number;
  }
  namespace AuthenticatorInfo {
    const encode: Encode<AuthenticatorInfo>;
    const decode: Decode<AuthenticatorInfo>;
  }
  type Operation = Readonly<Record<never, never>>;
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly authenticators: readonly list_authenticators.AuthenticatorInfo[];
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace list_clients {
  type Operation = Readonly<Record<never, never>>;
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly clients: readonly string[];
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace list_keys {
  interface KeyInfo {
    readonly provider_id: number;
    readonly name: string;
    readonly attributes?: psa_key_attributes.KeyAttributes | null;
  }
  namespace KeyInfo {
    const encode: Encode<KeyInfo>;
    const decode: Decode<KeyInfo>;
  }
  type Operation = Readonly<Record<never, never>>;
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly keys: readonly list_keys.KeyInfo[];
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace list_opcodes {
  interface Operation {
    readonly provider_id: number;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly opcodes: readonly number[];
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace list_providers {
  interface ProviderInfo {
    readonly uuid: string;
    readonly description: string;
    readonly vendor: string;
    readonly version_maj: number;
    readonly version_min: number;
    readonly version_rev: number;
    readonly id: number;
  }
  namespace ProviderInfo {
    const encode: Encode<ProviderInfo>;
    const decode: Decode<ProviderInfo>;
  }
  type Operation = Readonly<Record<never, never>>;
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly providers: readonly list_providers.ProviderInfo[];
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace ping {
  type Operation = Readonly<Record<never, never>>;
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly wire_protocol_version_maj: number;
    readonly wire_protocol_version_min: number;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace prepare_key_attestation {
  interface Operation {
    readonly parameters?: prepare_key_attestation.PrepareKeyAttestationParams | null;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly output?: prepare_key_attestation.PrepareKeyAttestationOutput | null;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
  interface PrepareKeyAttestationParams {
    readonly activate_credential?: prepare_key_attestation.PrepareKeyAttestationParams.ActivateCredential | null;
  }
  namespace PrepareKeyAttestationParams {
    const encode: Encode<PrepareKeyAttestationParams>;
    const decode: Decode<PrepareKeyAttestationParams>;
    interface ActivateCredential {
      readonly attested_key_name: string;
      readonly attesting_key_name: string;
    }
    namespace ActivateCredential {
      const encode: Encode<ActivateCredential>;
      const decode: Decode<ActivateCredential>;
    }
  }
  interface PrepareKeyAttestationOutput {
    readonly activate_credential?: prepare_key_attestation.PrepareKeyAttestationOutput.ActivateCredential | null;
  }
  namespace PrepareKeyAttestationOutput {
    const encode: Encode<PrepareKeyAttestationOutput>;
    const decode: Decode<PrepareKeyAttestationOutput>;
    interface ActivateCredential {
      readonly name: Uint8Array;
      readonly public: Uint8Array;
      readonly attesting_key_pub: Uint8Array;
    }
    namespace ActivateCredential {
      const encode: Encode<ActivateCredential>;
      const decode: Decode<ActivateCredential>;
    }
  }
}

export namespace psa_aead_decrypt {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.Aead | null;
    readonly nonce: Uint8Array;
    readonly additional_data: Uint8Array;
    readonly ciphertext: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly plaintext: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_aead_encrypt {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.Aead | null;
    readonly nonce: Uint8Array;
    readonly additional_data: Uint8Array;
    readonly plaintext: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly ciphertext: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_asymmetric_decrypt {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.AsymmetricEncryption | null;
    readonly ciphertext: Uint8Array;
    readonly salt: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly plaintext: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_asymmetric_encrypt {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.AsymmetricEncryption | null;
    readonly plaintext: Uint8Array;
    readonly salt: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly ciphertext: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_cipher_decrypt {
  interface Operation {
    readonly key_name: string;
    readonly alg: number;
    readonly ciphertext: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly plaintext: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_cipher_encrypt {
  interface Operation {
    readonly key_name: string;
    readonly alg: number;
    readonly plaintext: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly ciphertext: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_destroy_key {
  interface Operation {
    readonly key_name: string;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_export_key {
  interface Operation {
    readonly key_name: string;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly data: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_export_public_key {
  interface Operation {
    readonly key_name: string;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly data: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_generate_key {
  interface Operation {
    readonly key_name: string;
    readonly attributes?: psa_key_attributes.KeyAttributes | null;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_generate_random {
  interface Operation {
    readonly size: number;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly random_bytes: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_hash_compare {
  interface Operation {
    readonly alg: number;
    readonly input: Uint8Array;
    readonly hash: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_hash_compute {
  interface Operation {
    readonly alg: number;
    readonly input: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly hash: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_import_key {
  interface Operation {
    readonly key_name: string;
    readonly attributes?: psa_key_attributes.KeyAttributes | null;
    readonly data: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_mac_compute {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.Mac | null;
    readonly input: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly mac: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_mac_verify {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.Mac | null;
    readonly input: Uint8Array;
    readonly mac: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_raw_key_agreement {
  interface Operation {
    readonly alg: number;
    readonly private_key_name: string;
    readonly peer_key: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly shared_secret: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_sign_hash {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.AsymmetricSignature | null;
    readonly hash: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly signature: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_sign_message {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.AsymmetricSignature | null;
    readonly message: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly signature: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_verify_hash {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.AsymmetricSignature | null;
    readonly hash: Uint8Array;
    readonly signature: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_verify_message {
  interface Operation {
    readonly key_name: string;
    readonly alg?: psa_algorithm.Algorithm.AsymmetricSignature | null;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace activate_attestation_key {
  interface Operation {
    readonly credential_blob: Uint8Array;
    readonly secret: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly credential: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace adopt_key {
  interface Operation {
    readonly client: string;
    readonly key_name: string;
    readonly key_policy?: psa_key_attributes.KeyPolicy | null;
    readonly source?: adopt_key.Source | null;
    readonly delete_with_key: boolean;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Source {
    readonly token_object?: adopt_key.Source.TokenObject | null;
    readonly tpm_handle?: adopt_key.Source.TpmHandle | null;
    readonly tss2_key?: adopt_key.Source.Tss2Key | null;
  }
  namespace Source {
    const encode: Encode<Source>;
    const decode: Decode<Source>;
    interface TokenObject {
      readonly uri: string;
    }
    namespace TokenObject {
      const encode: Encode<TokenObject>;
      const decode: Decode<TokenObject>;
    }
    interface TpmHandle {
      readonly handle: number;
      readonly auth: Uint8Array;
    }
    namespace TpmHandle {
      const encode: Encode<TpmHandle>;
      const decode: Decode<TpmHandle>;
    }
    interface Tss2Key {
      readonly pem: string;
      readonly auth: Uint8Array;
    }
    namespace Tss2Key {
      const encode: Encode<Tss2Key>;
      const decode: Decode<Tss2Key>;
    }
  }
  interface Result {
    readonly attributes?: psa_key_attributes.KeyAttributes | null;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace certify_key {
  interface Operation {
    readonly key_name: string;
    readonly nonce: Uint8Array;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly statement: Uint8Array;
    readonly signature: Uint8Array;
    readonly public: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace get_attestation_identity {
  type Operation = Readonly<Record<never, never>>;
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly attestation_key: Uint8Array;
    readonly endorsement_key: Uint8Array;
    readonly endorsement_certificates: readonly Uint8Array[];
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_derive_bytes {
  interface Operation {
    readonly derivation?: psa_key_derivation.Derivation | null;
    readonly output_length: number;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly output: Uint8Array;
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace psa_key_derivation {
  interface Derivation {
    readonly secret?: psa_key_derivation.Secret | null;
    readonly inputs?: psa_key_derivation.Inputs | null;
  }
  namespace Derivation {
    const encode: Encode<Derivation>;
    const decode: Decode<Derivation>;
  }
  interface Secret {
    readonly key_name?: string | null;
    readonly agreement?: psa_key_derivation.Secret.Agreement | null;
  }
  namespace Secret {
    const encode: Encode<Secret>;
    const decode: Decode<Secret>;
    interface Agreement {
      readonly alg: number;
      readonly private_key_name: string;
      readonly peer_key: Uint8Array;
    }
    namespace Agreement {
      const encode: Encode<Agreement>;
      const decode: Decode<Agreement>;
    }
  }
  interface Inputs {
    readonly hkdf?: psa_key_derivation.Inputs.Hkdf | null;
    readonly tls12_prf?: psa_key_derivation.Inputs.Tls12Prf | null;
    readonly tls12_psk_to_ms?: psa_key_derivation.Inputs.Tls12PskToMs | null;
  }
  namespace Inputs {
    const encode: Encode<Inputs>;
    const decode: Decode<Inputs>;
    interface Hkdf {
      readonly hash_alg: number;
      readonly salt: Uint8Array;
      readonly info: Uint8Array;
    }
    namespace Hkdf {
      const encode: Encode<Hkdf>;
      const decode: Decode<Hkdf>;
    }
    interface Tls12Prf {
      readonly hash_alg: number;
      readonly label: Uint8Array;
      readonly seed: Uint8Array;
    }
    namespace Tls12Prf {
      const encode: Encode<Tls12Prf>;
      const decode: Decode<Tls12Prf>;
    }
    interface Tls12PskToMs {
      readonly hash_alg: number;
      readonly label: Uint8Array;
      readonly seed: Uint8Array;
    }
    namespace Tls12PskToMs {
      const encode: Encode<Tls12PskToMs>;
      const decode: Decode<Tls12PskToMs>;
    }
  }
}

export namespace psa_derive_key {
  interface Operation {
    readonly key_name: string;
    readonly attributes?: psa_key_attributes.KeyAttributes | null;
    readonly derivation?: psa_key_derivation.Derivation | null;
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  type Result = Readonly<Record<never, never>>;
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
}

export namespace quote_platform {
  interface Operation {
    readonly nonce: Uint8Array;
    readonly pcrs: readonly number[];
  }
  namespace Operation {
    const encode: Encode<Operation>;
    const decode: Decode<Operation>;
  }
  interface Result {
    readonly statement: Uint8Array;
    readonly signature: Uint8Array;
    readonly registers: readonly quote_platform.Register[];
  }
  namespace Result {
    const encode: Encode<Result>;
    const decode: Decode<Result>;
  }
  interface Register {
    readonly pcr: number;
    readonly digest: Uint8Array;
  }
  namespace Register {
    const encode: Encode<Register>;
    const decode: Decode<Register>;
  }
}
