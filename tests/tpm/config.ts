/** Configuration files for a service with a TPM provider. */
import { type ConfigSettings, configText, type ConfigValue } from "../e2e/service_config.ts";
import type { Swtpm } from "./swtpm.ts";

export interface TpmSettings extends ConfigSettings {
  /** Of the provider. */
  readonly provider?: Readonly<Record<string, ConfigValue>>;
}

/** The text of a `parsec.toml` with the TPM provider in place of the software provider. */
export function tpmConfigText(
  folder: string,
  swtpm: Pick<Swtpm, "tcti">,
  { provider = {}, ...settings }: TpmSettings = {},
): string {
  const values = {
    provider_type: "Tpm",
    key_info_manager: "keys",
    tcti: swtpm.tcti,
    store_path: `${folder}/tpm`,
    ...provider,
  };
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const [common = ""] = configText(folder, settings).split("[[provider]]");
  return `${common}[[provider]]\n${lines.join("\n")}\n`;
}
