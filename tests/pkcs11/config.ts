/** Configuration files for a service with a PKCS#11 provider. */
import { type ConfigSettings, configText, type ConfigValue } from "../e2e/service_config.ts";
import { SOFTHSM_MODULE, type SoftHsmToken } from "./softhsm.ts";

export interface Pkcs11Settings extends ConfigSettings {
  /** Of the provider. */
  readonly provider?: Readonly<Record<string, ConfigValue>>;
}

/** The text of a `parsec.toml` with the PKCS#11 provider in place of the software provider. */
export function pkcs11ConfigText(
  folder: string,
  token: SoftHsmToken,
  { provider = {}, ...settings }: Pkcs11Settings = {},
): string {
  const values = {
    provider_type: "Pkcs11",
    key_info_manager: "keys",
    library_path: SOFTHSM_MODULE,
    serial_number: token.serialNumber,
    user_pin: token.pin,
    ...provider,
  };
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const [common = ""] = configText(folder, settings).split("[[provider]]");
  return `${common}[[provider]]\n${lines.join("\n")}\n`;
}
