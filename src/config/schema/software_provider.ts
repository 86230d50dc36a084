/** `[[provider]]` with `provider_type = "Software"`. */
import { KEY_INFO_MANAGER, providerName } from "./provider_keys.ts";
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
      type: { kind: "choice", values: ["file", "credential"] },
      field: "rootKey",
      default: "file",
      help:
        "Where the key is under which all others are encrypted: in root.key beside them, which " +
        "protects them no better than the permissions of that file, or in a credential that systemd " +
        "hands to the service (LoadCredentialEncrypted= in the unit).",
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
      type: { kind: "choice", values: ["none", "file", "credential"] },
      field: "previousRootKey",
      default: "none",
      help:
        "Where the root key was until now, to move the keys to root_key: all of them, or none, at " +
        "the next start, which then destroys an old root.key. Take it out again afterwards: while it " +
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
  },
} as const satisfies VariantSchema;
