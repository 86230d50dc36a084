/** `[[provider]]` with `provider_type = "Software"`. */
import { KEY_INFO_MANAGER, providerName } from "./provider_keys.ts";
import { TCTI } from "./tpm_provider.ts";
import type { VariantSchema } from "./types.ts";

const CREDENTIAL_NAME = { kind: "text", what: "the name of a credential" } as const;

export const SOFTWARE = {
  alias: "MbedCrypto",
  help: "keys in encrypted files, used by OpenSSL's libcrypto",
  keys: {
    name: providerName("mbed-crypto-provider"),
    key_info_manager: KEY_INFO_MANAGER,
    store_path: {
      type: { kind: "path", of: "folder" },
      field: "storePath",
      default: "/var/lib/parsec/software-provider",
      help: "The folder that holds the provider's keys.",
      since: "0.1.0",
      change: "restart",
    },
    root_key: {
      type: { kind: "choice", values: ["file", "credential", "tpm"] },
      field: "rootKey",
      default: "file",
      help:
        "Where the key is under which all others are encrypted: in root.key beside them, which " +
        "protects them no better than the permissions of that file; in a credential that systemd " +
        "hands to the service (LoadCredentialEncrypted= in the unit); or in root.tpm beside them, " +
        "sealed by a TPM 2.0, which alone can open it.",
      since: "0.1.0",
      change: "restart",
    },
    root_key_credential: {
      type: CREDENTIAL_NAME,
      field: "rootKeyCredential",
      default: "parsec-root-key",
      help:
        "The credential, 32 bytes or 64 hexadecimal digits. To make one: head -c 32 /dev/urandom | " +
        "systemd-creds encrypt --name=parsec-root-key - FILE. Keep a copy where backups of the store " +
        "are: without it they are worth nothing.",
      since: "0.1.0",
      change: "restart",
    },
    previous_root_key: {
      type: { kind: "choice", values: ["none", "file", "credential", "tpm"] },
      field: "previousRootKey",
      default: "none",
      help:
        "Where the root key was until now, to move the keys to root_key: all of them, or none, at " +
        "the next start, which then destroys an old root.key or root.tpm. Take it out again afterwards: while it " +
        "is here, whoever knows the old root key can slip in keys of their own.",
      since: "0.1.0",
      change: "restart",
    },
    previous_root_key_credential: {
      type: CREDENTIAL_NAME,
      field: "previousRootKeyCredential",
      default: "parsec-previous-root-key",
      help: 'The credential that previous_root_key = "credential" means.',
      since: "0.1.0",
      change: "restart",
    },
    root_key_tcti: {
      type: TCTI,
      field: "rootKeyTcti",
      example: "device:/dev/tpmrm0",
      help:
        "For a root key in a TPM: how tpm2-tss reaches it, as tcti of a Tpm provider says. Left out: " +
        "the TPM of the Tpm provider in this file; without one, the TPM of this machine. Once keys are " +
        "stored, it is needed at each start.",
      since: "0.1.0",
      change: "restart",
    },
    root_key_owner_auth_file: {
      type: { kind: "path", of: "file" },
      field: "rootKeyOwnerAuth",
      // The auth value of the Tpm provider, which may take its place, is one.
      secret: true,
      example: "/run/credentials/parsec.service/tpm-owner",
      help:
        "A file that holds the auth value of that TPM's owner, as owner_hierarchy_auth_file of a Tpm " +
        "provider. Left out: what the Tpm provider with this TPM has; without one, the empty one.",
      since: "0.1.0",
      change: "restart",
    },
    root_key_pcr_public_key: {
      type: { kind: "path", of: "file" },
      field: "rootKeyPcrPublicKey",
      example: "/etc/systemd/tpm2-pcr-public-key.pem",
      help:
        "Where the TPM shall open the root key in approved states of the system only: the public " +
        "key (RSA, PEM) of whoever approves. May be added later. To take it out or to change it, move " +
        "the keys to another root_key and back.",
      since: "0.1.0",
      change: "restart",
    },
    root_key_pcr_signatures: {
      type: { kind: "path", of: "file" },
      field: "rootKeyPcrSignatures",
      example: "/run/systemd/tpm2-pcr-signature.json",
      help:
        "The approvals, as systemd-measure(1) and ukify(1) write them, bank sha256. Each version of " +
        "the system brings its own, so that an update does not lock the keys.",
      since: "0.1.0",
      change: "restart",
    },
  },
} as const satisfies VariantSchema;
