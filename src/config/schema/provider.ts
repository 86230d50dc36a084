/** `[[provider]]`: what makes and uses the keys. */
import { PKCS11 } from "./pkcs11_provider.ts";
import { CRYPTO_AUTH_LIB, TRUSTED_SERVICE } from "./provider_not_served.ts";
import { APPLICATIONS } from "./provider_keys.ts";
import { SOFTWARE } from "./software_provider.ts";
import { TPM } from "./tpm_provider.ts";
import type { SectionSchema } from "./types.ts";

export const PROVIDER = {
  form: "list",
  help:
    "What makes and uses the keys. The first is the one that clients use by default. There may be several " +
    "of a type, under different names, if each of them but one says which applications it serves.",
  keys: { applications: APPLICATIONS },
  variants: {
    by: "provider_type",
    what: "type of provider",
    example: "Software",
    of: {
      Software: SOFTWARE,
      Pkcs11: PKCS11,
      Tpm: TPM,
      CryptoAuthLib: CRYPTO_AUTH_LIB,
      TrustedService: TRUSTED_SERVICE,
    },
  },
} as const satisfies SectionSchema;
