/**
 * Configuration files for a service under test, all of whose files are in one folder.
 */
export type ConfigValue = string | number | boolean;

export interface AuthenticatorSettings {
  readonly type: "Direct" | "UnixPeerCredentials";
  readonly admins?: readonly string[];
}

export interface ConfigSettings {
  readonly core?: Readonly<Record<string, ConfigValue>>;
  readonly listener?: Readonly<Record<string, ConfigValue>>;
  /** Of the software provider. */
  readonly provider?: Readonly<Record<string, ConfigValue>>;
  /** Direct alone where left out. */
  readonly authenticators?: readonly AuthenticatorSettings[];
}

export function socketPathIn(folder: string): string {
  return `${folder}/parsec.sock`;
}

/** The text of a `parsec.toml` with one SQLite key manager and the software provider. */
export function configText(folder: string, settings: ConfigSettings = {}): string {
  const authenticators = settings.authenticators ?? [{ type: "Direct" }];
  return [
    section("[core_settings]", { allow_root: true, log_level: "info", ...settings.core }),
    section("[listener]", {
      socket_path: socketPathIn(folder),
      timeout: 3000,
      ...settings.listener,
    }),
    ...authenticators.map(authenticatorText),
    section("[[key_manager]]", {
      name: "keys",
      manager_type: "SQLite",
      sqlite_db_path: `${folder}/key-info.sqlite3`,
    }),
    section("[[provider]]", {
      provider_type: "Software",
      key_info_manager: "keys",
      store_path: `${folder}/software`,
      ...settings.provider,
    }),
  ].join("\n");
}

function authenticatorText({ type, admins = [] }: AuthenticatorSettings): string {
  const names = admins.map((name) => `{ name = ${JSON.stringify(name)} }`);
  return `${section("[[authenticator]]", { auth_type: type })}admins = [${names.join(", ")}]\n`;
}

function section(header: string, values: Readonly<Record<string, ConfigValue>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return `${[header, ...lines].join("\n")}\n`;
}
