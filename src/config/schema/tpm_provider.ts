/** `[[provider]]` with `provider_type = "Tpm"`. */
import { KEY_INFO_MANAGER, providerName } from "./provider_keys.ts";
import type { VariantSchema } from "./types.ts";

const AUTH_FORMS = "hex: and hexadecimal digits, str: and a text, or just a text";

export const TCTI = {
  kind: "text",
  what: "the name of a TCTI, and its configuration after a colon",
} as const;

export const TPM = {
  help: "a TPM 2.0",
  keys: {
    name: providerName("tpm-provider"),
    key_info_manager: KEY_INFO_MANAGER,
    tcti: {
      type: TCTI,
      field: "tcti",
      default: "device",
      help:
        'How tpm2-tss reaches the TPM: "device:/dev/tpmrm0"; "device" alone is /dev/tpmrm0, the ' +
        "kernel's resource manager, or /dev/tpm0 where there is none; " +
        '"tabrmd:bus_name=…,bus_type=…"; "swtpm:path=…" and "mssim:host=…,port=…" for software TPMs.',
      since: "upstream",
      change: "restart",
    },
    owner_hierarchy_auth: {
      type: { kind: "text", what: "text", mayBeEmpty: true },
      field: "ownerAuth",
      secret: true,
      example: "hex:0123456789abcdef",
      help: `The auth value of the TPM's owner: ${AUTH_FORMS}. Left out: the empty one.`,
      since: "upstream",
      change: "restart",
    },
    owner_hierarchy_auth_file: {
      type: { kind: "path", of: "file" },
      field: "ownerAuthFile",
      example: "/run/credentials/parsec.service/tpm-owner",
      help:
        "A file that holds the owner's auth value in one of these forms, which only the service " +
        "should be able to read: with LoadCredential=tpm-owner:… in the unit, systemd puts it " +
        "where the example says.",
      since: "0.1.0",
      change: "restart",
    },
    endorsement_hierarchy_auth: {
      type: { kind: "text", what: "text", mayBeEmpty: true },
      field: "endorsementAuth",
      secret: true,
      example: "hex:0123456789abcdef",
      help: "The auth value of the endorsement hierarchy, in one of the same forms, for " +
        "attestation. Left out: the empty one.",
      since: "upstream",
      change: "restart",
    },
    endorsement_hierarchy_auth_file: {
      type: { kind: "path", of: "file" },
      field: "endorsementAuthFile",
      example: "/run/credentials/parsec.service/tpm-endorsement",
      help: "A file that holds it, as owner_hierarchy_auth_file does.",
      since: "0.1.0",
      change: "restart",
    },
    skip_if_no_tpm: {
      type: { kind: "boolean" },
      field: "skipIfNoTpm",
      default: false,
      help:
        "Whether the service starts without this provider where the TPM can't be reached; the log " +
        "says so. A TPM that is there and is not the one of before always ends the start.",
      since: "upstream",
      change: "restart",
    },
    root_key: {
      type: { kind: "choice", values: ["auto", "ecc-p256", "rsa-2048"] },
      field: "rootKey",
      default: "auto",
      help:
        "What new keys are wrapped under. rsa-2048 is the root key of upstream's Parsec, whose " +
        "keys are found under it whatever is chosen here. auto: ecc-p256, which is much quicker, " +
        "where the TPM has it.",
      since: "0.1.0",
      change: "restart",
    },
    store_path: {
      type: { kind: "path", of: "folder" },
      field: "storePath",
      default: "/var/lib/parsec/tpm-provider",
      help: "The folder for what must be remembered of the TPM. Without it the keys made by this " +
        "provider can't be used.",
      since: "0.1.0",
      change: "restart",
    },
  },
} as const satisfies VariantSchema;
