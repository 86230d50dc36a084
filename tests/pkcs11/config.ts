/** Configuration files for a service with a PKCS#11 provider. */
import { type ConfigSettings, configText, type ConfigValue } from "../e2e/service_config.ts";
import { SOFTHSM_MODULE, type SoftHsmToken } from "./softhsm.ts";

type Values = Readonly<Record<string, ConfigValue>>;

/** The text of a `parsec.toml` with a PKCS#11 provider in place of the software provider. */
export function pkcs11ConfigText(
  folder: string,
  provider: Values,
  settings: ConfigSettings = {},
): string {
  const values = { provider_type: "Pkcs11", key_info_manager: "keys", ...provider };
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const [common = ""] = configText(folder, settings).split("[[provider]]");
  return `${common}[[provider]]\n${lines.join("\n")}\n`;
}

/** What a provider's section says of a token of SoftHSM. */
export function softHsmValues({ serialNumber, pin }: SoftHsmToken): Values {
  return { library_path: SOFTHSM_MODULE, serial_number: serialNumber, user_pin: pin };
}
