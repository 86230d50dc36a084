/** `[[provider]]`: what makes and uses the keys. */
import { KEY_INFO_MANAGER, providerName } from "./provider_keys.ts";
import { PKCS11 } from "./pkcs11_provider.ts";
import { CRYPTO_AUTH_LIB, TRUSTED_SERVICE } from "./provider_not_served.ts";
import { TPM } from "./tpm_provider.ts";
import type { SectionSchema } from "./types.ts";

export const PROVIDER = {
  form: "list",
  help:
    "What makes and uses the keys. The first is the one that clients use by default. One of each type.",
  keys: {},
  variants: {
    by: "provider_type",
    what: "type of provider",
    example: "Software",
    of: {
      Software: {
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
        },
      },
      Pkcs11: PKCS11,
      Tpm: TPM,
      CryptoAuthLib: CRYPTO_AUTH_LIB,
      TrustedService: TRUSTED_SERVICE,
    },
  },
} as const satisfies SectionSchema;
