/** `[[provider]]` with `provider_type = "Pkcs11"`. */
import { MAX_SESSIONS } from "../session_limit.ts";
import { KEY_INFO_MANAGER, providerName } from "./provider_keys.ts";
import type { VariantSchema } from "./types.ts";

export const PKCS11 = {
  help: "a PKCS#11 token: a hardware security module, a smart card, SoftHSM",
  keys: {
    name: providerName("pkcs11-provider"),
    key_info_manager: KEY_INFO_MANAGER,
    library_path: {
      type: { kind: "path", of: "file" },
      field: "libraryPath",
      required: true,
      example: "/usr/lib/softhsm/libsofthsm2.so",
      help: "The PKCS#11 module: the library that comes with the token.",
      since: "upstream",
      change: "restart",
    },
    serial_number: {
      type: { kind: "text", what: "a serial number" },
      field: "serialNumber",
      example: "0123456789abcdef",
      help:
        "The token, by its serial number. With neither this nor one of the next two it is the " +
        "only initialised token there is; with several the service says which ones it sees.",
      since: "upstream",
      change: "restart",
    },
    slot_number: {
      type: { kind: "integer", min: 0, max: Number.MAX_SAFE_INTEGER },
      field: "slotNumber",
      example: "1",
      help: "The token, by the slot it is in. The serial number comes first.",
      since: "upstream",
      change: "restart",
    },
    token_uri: {
      type: { kind: "text", what: "a PKCS#11 URI (RFC 7512)" },
      field: "tokenUri",
      secret: true,
      example: "pkcs11:token=gateway?pin-source=file:/etc/parsec/token-pin",
      help:
        "The token, by a PKCS#11 URI: token, serial, model, manufacturer, slot-id; and where its " +
        "PIN is: pin-source with a file, or pin-value.",
      since: "0.1.0",
      change: "restart",
    },
    user_pin: {
      type: { kind: "text", what: "text", mayBeEmpty: true },
      field: "userPin",
      secret: true,
      example: "str:123456",
      help:
        "The user's PIN: hex: and hexadecimal digits, str: and a text, or just a text. Without " +
        "a PIN nobody logs in, and most tokens then show no private keys. An empty one is for tokens " +
        "that find out by themselves who is there, as OP-TEE's can. A PIN that the token refuses is " +
        "not tried a second time: correct it and restart the service.",
      since: "upstream",
      change: "restart",
    },
    user_pin_file: {
      type: { kind: "path", of: "file" },
      field: "userPinFile",
      example: "/run/credentials/parsec.service/token-pin",
      help: "A file that holds the user's PIN and nothing else, which only the service should be " +
        "able to read: with LoadCredential=token-pin:… in the unit, systemd puts it where the " +
        "example says. Corrected after a refusal, it is read anew.",
      since: "0.1.0",
      change: "restart",
    },
    software_public_operations: {
      type: { kind: "boolean" },
      field: "softwarePublicOperations",
      default: false,
      help: "Whether signatures are verified, and data encrypted to public keys, by OpenSSL's " +
        "libcrypto in place of the token.",
      since: "upstream",
      change: "restart",
    },
    allow_export: {
      type: { kind: "boolean" },
      field: "allowExport",
      default: true,
      help: "Whether keys may be made with the usage flag export.",
      since: "upstream",
      change: "restart",
    },
    wait_for_token: {
      type: { kind: "boolean" },
      field: "waitForToken",
      default: false,
      help:
        "Whether the service starts without the token, if it is not there or its module does not " +
        "start, and serves it as soon as it comes. Otherwise either ends the service. A token that " +
        "goes away later never does: it is looked for until it is back.",
      since: "0.1.0",
      change: "restart",
    },
    session_pool_size: {
      type: { kind: "integer", min: 1, max: MAX_SESSIONS },
      field: "sessionPoolSize",
      example: "4",
      help: "How many operations the token does at once, each in a session of its own. Left out: " +
        "twice the number of CPUs, from 8 to 16, and with several tokens at most an equal share of " +
        `${MAX_SESSIONS}, the limit for all together. A token with fewer sessions sets the limit.`,
      since: "0.1.0",
      change: "restart",
    },
    library_parameters: {
      type: { kind: "text", what: "text" },
      field: "libraryParameters",
      example: "configdir='sql:/var/lib/nss'",
      help:
        "What the module is given when it is initialised, where the standard has nothing: NSS " +
        "(libsoftokn3.so) wants it.",
      since: "0.1.0",
      change: "restart",
    },
  },
} as const satisfies VariantSchema;
