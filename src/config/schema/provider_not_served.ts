/**
 * Types of provider that upstream has and this version does not serve yet. Their keys are known, so that a
 * file which names them is told so, and nothing else, and their secrets are never shown.
 *
 * Source: the provider pages of Parsec 1.5.
 */
import { KEY_INFO_MANAGER, providerName, waitFor } from "./provider_keys.ts";
import type { KeySchema, ValueType, VariantSchema } from "./types.ts";

type Kind = "required" | "optional";

function key(kind: Kind, type: ValueType, help: string): KeySchema {
  const required = kind === "required" ? { required: true } as const : {};
  return { type, ...required, help, since: "upstream", change: "restart" };
}

const FILE = { kind: "path", of: "file" } as const;

function upTo(max: number): ValueType {
  return { kind: "integer", min: 0, max };
}

export const CRYPTO_AUTH_LIB: VariantSchema = {
  help: "a Microchip ATECC",
  notServed: waitFor("CryptoAuthLib"),
  keys: {
    name: providerName("cryptoauthlib-provider"),
    key_info_manager: KEY_INFO_MANAGER,
    device_type: key("required", { kind: "text", what: "a type of device" }, "E.g. atecc608a."),
    iface_type: key("required", { kind: "text", what: "a type of bus" }, "E.g. i2c."),
    wake_delay: key("optional", upTo(0xffff), "How long the device takes to wake up."),
    rx_retries: key("optional", upTo(0x7fff_ffff), "How often to ask again."),
    slave_address: key("optional", upTo(0xff), "The address on the bus."),
    bus: key("optional", upTo(0xff), "The number of the bus."),
    baud: key("optional", upTo(0xffff_ffff), "The rate of the bus."),
    access_key_file_name: key("optional", FILE, "The access keys of the slots."),
  },
};

export const TRUSTED_SERVICE: VariantSchema = {
  help: "Trusted Services in a secure world",
  notServed: waitFor("TrustedService"),
  keys: {
    name: providerName("trusted-service-provider"),
    key_info_manager: KEY_INFO_MANAGER,
  },
};
