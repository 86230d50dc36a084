/**
 * One well-formed operation of each kind, all about a key named "mine" that {@linkcode EXAMPLES} also
 * generates; they are what a client would send, but do not fit that key's policy.
 */
import type { OperationName } from "../../src/opcode.ts";
import { CheckType } from "../../src/operations/can_do_crypto.ts";
import type { OperationOf } from "../../src/operations/operations.ts";
import { AeadMode, Agreement, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { usageFlags } from "../../src/psa/usage_flags.ts";

const keyName = "mine";
const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const hash = new Uint8Array(32).fill(7);

const attributes: KeyAttributes = {
  type: { kind: "ecc_key_pair", family: EccFamily.SecpR1 },
  bits: 256,
  policy: {
    usageFlags: usageFlags("signHash", "verifyHash", "export"),
    permittedAlgorithm: { kind: "ecdsa", hash: Hash.Sha256 },
  },
};
const ecdsa = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const oaep = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
const gcm = { kind: "aead", mode: AeadMode.Gcm } as const;
const cbc = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
const hkdf = { kind: "hkdf", hash: Hash.Sha256, salt: bytes(), info: bytes(1) } as const;
const derivation = { secret: { kind: "key", keyName }, inputs: hkdf } as const;
const hmac = { kind: "hmac", hash: Hash.Sha256 } as const;

export const EXAMPLES: { readonly [K in OperationName]: OperationOf<K> } = {
  Ping: {},
  ListProviders: {},
  ListOpcodes: { providerId: 1 },
  ListAuthenticators: {},
  ListKeys: {},
  ListClients: {},
  DeleteClient: { client: "somebody" },
  PsaGenerateKey: { keyName, attributes },
  PsaImportKey: { keyName, attributes, data: new Uint8Array(32).fill(3) },
  PsaDestroyKey: { keyName },
  PsaExportKey: { keyName },
  PsaExportPublicKey: { keyName },
  PsaSignHash: { keyName, alg: ecdsa, hash },
  PsaVerifyHash: { keyName, alg: ecdsa, hash, signature: new Uint8Array(64).fill(1) },
  PsaSignMessage: { keyName, alg: ecdsa, message: bytes(1, 2) },
  PsaVerifyMessage: {
    keyName,
    alg: ecdsa,
    message: bytes(1, 2),
    signature: new Uint8Array(64).fill(1),
  },
  PsaAsymmetricEncrypt: { keyName, alg: oaep, plaintext: bytes(1), salt: bytes() },
  PsaAsymmetricDecrypt: { keyName, alg: oaep, ciphertext: new Uint8Array(256), salt: bytes(9) },
  PsaAeadEncrypt: {
    keyName,
    alg: gcm,
    nonce: new Uint8Array(12),
    additionalData: bytes(1),
    plaintext: bytes(2),
  },
  PsaAeadDecrypt: {
    keyName,
    alg: gcm,
    nonce: new Uint8Array(12),
    additionalData: bytes(1),
    ciphertext: new Uint8Array(17),
  },
  PsaCipherEncrypt: { keyName, alg: cbc, plaintext: bytes(1, 2, 3) },
  PsaCipherDecrypt: { keyName, alg: cbc, ciphertext: new Uint8Array(32) },
  PsaMacCompute: { keyName, alg: hmac, input: bytes(1) },
  PsaMacVerify: { keyName, alg: hmac, input: bytes(1), mac: new Uint8Array(32) },
  PsaHashCompute: { alg: Hash.Sha256, input: bytes(1, 2, 3) },
  PsaHashCompare: { alg: Hash.Sha256, input: bytes(1, 2, 3), hash },
  PsaRawKeyAgreement: {
    alg: { kind: "raw_key_agreement", agreement: Agreement.Ecdh },
    privateKeyName: keyName,
    peerKey: new Uint8Array(65).fill(4),
  },
  PsaDeriveBytes: { derivation, outputLength: 16 },
  PsaDeriveKey: { keyName: "derived", attributes, derivation },
  PsaGenerateRandom: { size: 16 },
  CanDoCrypto: { checkType: CheckType.Use, attributes },
  PrepareKeyAttestation: { attestedKeyName: keyName, attestingKeyName: "" },
  AttestKey: {
    attestedKeyName: keyName,
    attestingKeyName: "",
    credentialBlob: bytes(1),
    secret: bytes(2),
  },
  AdoptKey: {
    client: "somebody",
    keyName,
    policy: attributes.policy,
    source: { kind: "token_object", uri: "pkcs11:object=key" },
    deleteWithKey: false,
  },
  GetAttestationIdentity: {},
  ActivateAttestationKey: { credentialBlob: bytes(1), secret: bytes(2) },
  CertifyKey: { keyName, nonce: bytes(1) },
  QuotePlatform: { nonce: bytes(1), pcrs: [0, 7] },
};
