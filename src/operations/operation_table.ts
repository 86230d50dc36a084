/**
 * The codec of every operation, by its contract name.
 */
import type { OperationName } from "../opcode.ts";
import { activateAttestationKey } from "./activate_attestation_key.ts";
import { adoptKey } from "./adopt_key.ts";
import { attestKey } from "./attest_key.ts";
import { canDoCrypto } from "./can_do_crypto.ts";
import { certifyKey } from "./certify_key.ts";
import type { Codec } from "./codec.ts";
import { deleteClient } from "./delete_client.ts";
import { getAttestationIdentity } from "./get_attestation_identity.ts";
import { listAuthenticators } from "./list_authenticators.ts";
import { listClients } from "./list_clients.ts";
import { listKeys } from "./list_keys.ts";
import { listOpcodes } from "./list_opcodes.ts";
import { listProviders } from "./list_providers.ts";
import type { OperationOf, Operations, ResultOf } from "./operations.ts";
import { ping } from "./ping.ts";
import { prepareKeyAttestation } from "./prepare_key_attestation.ts";
import { psaAeadDecrypt } from "./psa_aead_decrypt.ts";
import { psaAeadEncrypt } from "./psa_aead_encrypt.ts";
import { psaAsymmetricDecrypt } from "./psa_asymmetric_decrypt.ts";
import { psaAsymmetricEncrypt } from "./psa_asymmetric_encrypt.ts";
import { psaCipherDecrypt } from "./psa_cipher_decrypt.ts";
import { psaCipherEncrypt } from "./psa_cipher_encrypt.ts";
import { psaDeriveBytes } from "./psa_derive_bytes.ts";
import { psaDeriveKey } from "./psa_derive_key.ts";
import { psaDestroyKey } from "./psa_destroy_key.ts";
import { psaExportKey } from "./psa_export_key.ts";
import { psaExportPublicKey } from "./psa_export_public_key.ts";
import { psaGenerateKey } from "./psa_generate_key.ts";
import { psaGenerateRandom } from "./psa_generate_random.ts";
import { psaHashCompare } from "./psa_hash_compare.ts";
import { psaHashCompute } from "./psa_hash_compute.ts";
import { psaImportKey } from "./psa_import_key.ts";
import { psaMacCompute } from "./psa_mac_compute.ts";
import { psaMacVerify } from "./psa_mac_verify.ts";
import { psaRawKeyAgreement } from "./psa_raw_key_agreement.ts";
import { psaSignHash } from "./psa_sign_hash.ts";
import { psaSignMessage } from "./psa_sign_message.ts";
import { psaVerifyHash } from "./psa_verify_hash.ts";
import { psaVerifyMessage } from "./psa_verify_message.ts";
import { quotePlatform } from "./quote_platform.ts";

type Table<Name extends keyof Operations> = {
  readonly [K in Name]: Codec<OperationOf<K>, ResultOf<K>>;
};

/** Does not compile unless every opcode has its types and its codec, and nothing else has. */
export const OPERATIONS: Table<OperationName> = {
  Ping: ping,
  PsaGenerateKey: psaGenerateKey,
  PsaDestroyKey: psaDestroyKey,
  PsaSignHash: psaSignHash,
  PsaVerifyHash: psaVerifyHash,
  PsaImportKey: psaImportKey,
  PsaExportPublicKey: psaExportPublicKey,
  ListProviders: listProviders,
  ListOpcodes: listOpcodes,
  PsaAsymmetricEncrypt: psaAsymmetricEncrypt,
  PsaAsymmetricDecrypt: psaAsymmetricDecrypt,
  PsaExportKey: psaExportKey,
  PsaGenerateRandom: psaGenerateRandom,
  ListAuthenticators: listAuthenticators,
  PsaHashCompute: psaHashCompute,
  PsaHashCompare: psaHashCompare,
  PsaAeadEncrypt: psaAeadEncrypt,
  PsaAeadDecrypt: psaAeadDecrypt,
  PsaRawKeyAgreement: psaRawKeyAgreement,
  PsaCipherEncrypt: psaCipherEncrypt,
  PsaCipherDecrypt: psaCipherDecrypt,
  PsaMacCompute: psaMacCompute,
  PsaMacVerify: psaMacVerify,
  PsaSignMessage: psaSignMessage,
  PsaVerifyMessage: psaVerifyMessage,
  ListKeys: listKeys,
  ListClients: listClients,
  DeleteClient: deleteClient,
  AttestKey: attestKey,
  PrepareKeyAttestation: prepareKeyAttestation,
  CanDoCrypto: canDoCrypto,
  PsaDeriveBytes: psaDeriveBytes,
  PsaDeriveKey: psaDeriveKey,
  AdoptKey: adoptKey,
  GetAttestationIdentity: getAttestationIdentity,
  ActivateAttestationKey: activateAttestationKey,
  CertifyKey: certifyKey,
  QuotePlatform: quotePlatform,
} satisfies Table<keyof Operations>;
