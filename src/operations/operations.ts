/**
 * The operation table: every operation of the contracts with its types.
 */
import type * as Ping from "./ping.ts";
import type * as ListProviders from "./list_providers.ts";
import type * as ListOpcodes from "./list_opcodes.ts";
import type * as ListAuthenticators from "./list_authenticators.ts";
import type * as ListKeys from "./list_keys.ts";
import type * as ListClients from "./list_clients.ts";
import type * as DeleteClient from "./delete_client.ts";
import type * as PsaGenerateKey from "./psa_generate_key.ts";
import type * as PsaImportKey from "./psa_import_key.ts";
import type * as PsaDestroyKey from "./psa_destroy_key.ts";
import type * as PsaExportKey from "./psa_export_key.ts";
import type * as PsaExportPublicKey from "./psa_export_public_key.ts";
import type * as PsaSignHash from "./psa_sign_hash.ts";
import type * as PsaVerifyHash from "./psa_verify_hash.ts";
import type * as PsaSignMessage from "./psa_sign_message.ts";
import type * as PsaVerifyMessage from "./psa_verify_message.ts";
import type * as PsaAsymmetricEncrypt from "./psa_asymmetric_encrypt.ts";
import type * as PsaAsymmetricDecrypt from "./psa_asymmetric_decrypt.ts";
import type * as PsaAeadEncrypt from "./psa_aead_encrypt.ts";
import type * as PsaAeadDecrypt from "./psa_aead_decrypt.ts";
import type * as PsaCipherEncrypt from "./psa_cipher_encrypt.ts";
import type * as PsaCipherDecrypt from "./psa_cipher_decrypt.ts";
import type * as PsaMacCompute from "./psa_mac_compute.ts";
import type * as PsaMacVerify from "./psa_mac_verify.ts";
import type * as PsaHashCompute from "./psa_hash_compute.ts";
import type * as PsaHashCompare from "./psa_hash_compare.ts";
import type * as PsaRawKeyAgreement from "./psa_raw_key_agreement.ts";
import type * as PsaDeriveBytes from "./psa_derive_bytes.ts";
import type * as PsaDeriveKey from "./psa_derive_key.ts";
import type * as PsaGenerateRandom from "./psa_generate_random.ts";
import type * as CanDoCrypto from "./can_do_crypto.ts";
import type * as PrepareKeyAttestation from "./prepare_key_attestation.ts";
import type * as AttestKey from "./attest_key.ts";
import type * as AdoptKey from "./adopt_key.ts";
import type * as GetAttestationIdentity from "./get_attestation_identity.ts";
import type * as ActivateAttestationKey from "./activate_attestation_key.ts";
import type * as CertifyKey from "./certify_key.ts";
import type * as QuotePlatform from "./quote_platform.ts";

/** Operation and result types by the operation's contract name. */
export interface Operations {
  readonly Ping: { readonly operation: Ping.Operation; readonly result: Ping.Result };
  readonly ListProviders: {
    readonly operation: ListProviders.Operation;
    readonly result: ListProviders.Result;
  };
  readonly ListOpcodes: {
    readonly operation: ListOpcodes.Operation;
    readonly result: ListOpcodes.Result;
  };
  readonly ListAuthenticators: {
    readonly operation: ListAuthenticators.Operation;
    readonly result: ListAuthenticators.Result;
  };
  readonly ListKeys: { readonly operation: ListKeys.Operation; readonly result: ListKeys.Result };
  readonly ListClients: {
    readonly operation: ListClients.Operation;
    readonly result: ListClients.Result;
  };
  readonly DeleteClient: {
    readonly operation: DeleteClient.Operation;
    readonly result: DeleteClient.Result;
  };
  readonly PsaGenerateKey: {
    readonly operation: PsaGenerateKey.Operation;
    readonly result: PsaGenerateKey.Result;
  };
  readonly PsaImportKey: {
    readonly operation: PsaImportKey.Operation;
    readonly result: PsaImportKey.Result;
  };
  readonly PsaDestroyKey: {
    readonly operation: PsaDestroyKey.Operation;
    readonly result: PsaDestroyKey.Result;
  };
  readonly PsaExportKey: {
    readonly operation: PsaExportKey.Operation;
    readonly result: PsaExportKey.Result;
  };
  readonly PsaExportPublicKey: {
    readonly operation: PsaExportPublicKey.Operation;
    readonly result: PsaExportPublicKey.Result;
  };
  readonly PsaSignHash: {
    readonly operation: PsaSignHash.Operation;
    readonly result: PsaSignHash.Result;
  };
  readonly PsaVerifyHash: {
    readonly operation: PsaVerifyHash.Operation;
    readonly result: PsaVerifyHash.Result;
  };
  readonly PsaSignMessage: {
    readonly operation: PsaSignMessage.Operation;
    readonly result: PsaSignMessage.Result;
  };
  readonly PsaVerifyMessage: {
    readonly operation: PsaVerifyMessage.Operation;
    readonly result: PsaVerifyMessage.Result;
  };
  readonly PsaAsymmetricEncrypt: {
    readonly operation: PsaAsymmetricEncrypt.Operation;
    readonly result: PsaAsymmetricEncrypt.Result;
  };
  readonly PsaAsymmetricDecrypt: {
    readonly operation: PsaAsymmetricDecrypt.Operation;
    readonly result: PsaAsymmetricDecrypt.Result;
  };
  readonly PsaAeadEncrypt: {
    readonly operation: PsaAeadEncrypt.Operation;
    readonly result: PsaAeadEncrypt.Result;
  };
  readonly PsaAeadDecrypt: {
    readonly operation: PsaAeadDecrypt.Operation;
    readonly result: PsaAeadDecrypt.Result;
  };
  readonly PsaCipherEncrypt: {
    readonly operation: PsaCipherEncrypt.Operation;
    readonly result: PsaCipherEncrypt.Result;
  };
  readonly PsaCipherDecrypt: {
    readonly operation: PsaCipherDecrypt.Operation;
    readonly result: PsaCipherDecrypt.Result;
  };
  readonly PsaMacCompute: {
    readonly operation: PsaMacCompute.Operation;
    readonly result: PsaMacCompute.Result;
  };
  readonly PsaMacVerify: {
    readonly operation: PsaMacVerify.Operation;
    readonly result: PsaMacVerify.Result;
  };
  readonly PsaHashCompute: {
    readonly operation: PsaHashCompute.Operation;
    readonly result: PsaHashCompute.Result;
  };
  readonly PsaHashCompare: {
    readonly operation: PsaHashCompare.Operation;
    readonly result: PsaHashCompare.Result;
  };
  readonly PsaRawKeyAgreement: {
    readonly operation: PsaRawKeyAgreement.Operation;
    readonly result: PsaRawKeyAgreement.Result;
  };
  readonly PsaDeriveBytes: {
    readonly operation: PsaDeriveBytes.Operation;
    readonly result: PsaDeriveBytes.Result;
  };
  readonly PsaDeriveKey: {
    readonly operation: PsaDeriveKey.Operation;
    readonly result: PsaDeriveKey.Result;
  };
  readonly PsaGenerateRandom: {
    readonly operation: PsaGenerateRandom.Operation;
    readonly result: PsaGenerateRandom.Result;
  };
  readonly CanDoCrypto: {
    readonly operation: CanDoCrypto.Operation;
    readonly result: CanDoCrypto.Result;
  };
  readonly PrepareKeyAttestation: {
    readonly operation: PrepareKeyAttestation.Operation;
    readonly result: PrepareKeyAttestation.Result;
  };
  readonly AttestKey: {
    readonly operation: AttestKey.Operation;
    readonly result: AttestKey.Result;
  };
  readonly AdoptKey: {
    readonly operation: AdoptKey.Operation;
    readonly result: AdoptKey.Result;
  };
  readonly GetAttestationIdentity: {
    readonly operation: GetAttestationIdentity.Operation;
    readonly result: GetAttestationIdentity.Result;
  };
  readonly ActivateAttestationKey: {
    readonly operation: ActivateAttestationKey.Operation;
    readonly result: ActivateAttestationKey.Result;
  };
  readonly CertifyKey: {
    readonly operation: CertifyKey.Operation;
    readonly result: CertifyKey.Result;
  };
  readonly QuotePlatform: {
    readonly operation: QuotePlatform.Operation;
    readonly result: QuotePlatform.Result;
  };
}

export type OperationOf<K extends keyof Operations> = Operations[K]["operation"];
export type ResultOf<K extends keyof Operations> = Operations[K]["result"];
