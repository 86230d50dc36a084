import assert from "node:assert/strict";
import { ConfigError } from "./config_error.ts";
import { loadConfig, parseConfig } from "./load_config.ts";
import type { CheckedConfig, ConfigNote } from "./service_config.ts";

const MACHINE = { workingDirectory: "/work", cpus: 4 };

function parse(text: string): Promise<CheckedConfig> {
  return parseConfig(text, { file: "parsec.toml", ...MACHINE });
}

/** What `format` says of a text, one problem or hint a line. */
async function problemsOf(text: string): Promise<readonly string[]> {
  try {
    await parse(text);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.format().split("\n");
  }
  return [];
}

/** Sections that are in order, in one line each; a case puts another in their place or adds to them. */
const GOOD = {
  core_settings: "[core_settings]",
  listener: '[listener]\nlistener_type = "DomainSocket"\ntimeout = 200',
  authenticator: '[authenticator]\nauth_type = "UnixPeerCredentials"',
  key_manager: '[[key_manager]]\nname = "km"\nmanager_type = "SQLite"',
  provider: '[[provider]]\nprovider_type = "Software"\nkey_info_manager = "km"',
};

/** A file whose first lines are `text`, which takes the place of the sections it is named for. */
function file(text: string, ...without: (keyof typeof GOOD)[]): string {
  const rest = Object.entries(GOOD).filter(([name]) => !without.some((each) => each === name));
  return [text, ...rest.map(([, section]) => section)].join("\n");
}

const core = (line: string) => file(`[core_settings]\n${line}`, "core_settings");
const listener = (line: string) => file(`[listener]\n${line}`, "listener");
const authenticator = (lines: string) => file(`[authenticator]\n${lines}`, "authenticator");
const keyManager = (lines: string) => file(`[[key_manager]]\nname = "km"\n${lines}`, "key_manager");
const provider = (lines: string) => file(`[[provider]]\n${lines}`, "provider");

const SOFTWARE = 'provider_type = "Software"\nkey_info_manager = "km"';

interface BadCase {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly string[];
}

const UNKNOWN_CORE = "wanted one of log_level, log_format, log_timestamp, log_error_details, " +
  "allow_root, allow_core_dumps, body_len_limit, buffer_size_limit, max_keys_per_application, " +
  "allow_deprecated, advertise_extensions, thread_pool_size, idle_listener_sleep_duration";
const UNKNOWN_SOFTWARE = "wanted one of provider_type, applications, name, " +
  "key_info_manager, store_path, " +
  "root_key, root_key_credential, previous_root_key, previous_root_key_credential, " +
  "root_key_tcti, root_key_owner_auth_file, root_key_pcr_public_key, root_key_pcr_signatures";
const PROVIDER_TYPES =
  'wanted a type of provider that this version serves: "Software", "MbedCrypto", "Pkcs11" or "Tpm"';
const PKCS11 = 'provider_type = "Pkcs11"\nkey_info_manager = "km"\nlibrary_path = "/p11.so"';
const AUTH_TYPES = "wanted a type of authenticator that this version serves: " +
  '"UnixPeerCredentials" or "Direct"';

function notServed(type: string): string {
  return `  hint: Take this [[provider]] out, or wait for a version that serves ${type}; a provider in ` +
    "software is never put in its place";
}

const BAD: readonly BadCase[] = [
  {
    name: "a time as a string",
    text: listener('timeout = "200ms"'),
    problems: [
      'parsec.toml:2: listener.timeout: found "200ms" (string), ' +
      "wanted an integer number of milliseconds from 1 to 3600000",
    ],
  },
  {
    name: "a number within quotation marks",
    text: listener('timeout = "200"'),
    problems: [
      'parsec.toml:2: listener.timeout: found "200" (string), ' +
      "wanted an integer number of milliseconds from 1 to 3600000",
      "  hint: Write 200 without quotation marks",
    ],
  },
  {
    name: "a timeout of 0, which closes every connection",
    text: listener("timeout = 0"),
    problems: [
      "parsec.toml:2: listener.timeout: found 0 (integer), " +
      "wanted an integer number of milliseconds from 1 to 3600000",
    ],
  },
  {
    name: "a timeout beyond an hour",
    text: listener("timeout = 3600001"),
    problems: [
      "parsec.toml:2: listener.timeout: found 3600001 (integer), " +
      "wanted an integer number of milliseconds from 1 to 3600000",
    ],
  },
  {
    name: "an integer of more than 53 bits",
    text: listener("timeout = 9_223_372_036_854_775_807"),
    problems: [
      "parsec.toml:2: listener.timeout: found 9223372036854775807 (integer), " +
      "wanted an integer number of milliseconds from 1 to 3600000",
    ],
  },
  {
    name: "a fraction",
    text: listener("timeout = 0.2"),
    problems: [
      "parsec.toml:2: listener.timeout: found 0.2 (float), " +
      "wanted an integer number of milliseconds from 1 to 3600000",
    ],
  },
  {
    name: "a date",
    text: listener("timeout = 1979-05-27"),
    problems: [
      "parsec.toml:2: listener.timeout: found 1979-05-27 (date), " +
      "wanted an integer number of milliseconds from 1 to 3600000",
    ],
  },
  {
    name: "a list and a table",
    text: listener("timeout = [200]\nexecution_timeout = { ms = 200 }"),
    problems: [
      "parsec.toml:2: listener.timeout: found a list, " +
      "wanted an integer number of milliseconds from 1 to 3600000",
      "parsec.toml:3: listener.execution_timeout: found a table, " +
      "wanted an integer number of milliseconds from 100 to 3600000",
    ],
  },
  {
    name: "a boolean as a string and as a number",
    text: core('allow_root = "true"\nlog_timestamp = 1'),
    problems: [
      'parsec.toml:2: core_settings.allow_root: found "true" (string), wanted true or false',
      "  hint: Write true without quotation marks",
      "parsec.toml:3: core_settings.log_timestamp: found 1 (integer), wanted true or false",
    ],
  },
  {
    name: "no threads at all",
    text: core("thread_pool_size = 0"),
    problems: [
      "parsec.toml:2: core_settings.thread_pool_size: found 0 (integer), " +
      "wanted an integer from 1 to 1024",
    ],
  },
  {
    name: "limits of sizes, below and above",
    text: core("body_len_limit = 0\nbuffer_size_limit = 67_108_865"),
    problems: [
      "parsec.toml:2: core_settings.body_len_limit: found 0 (integer), " +
      "wanted an integer number of bytes from 1 to 67108864",
      "parsec.toml:3: core_settings.buffer_size_limit: found 67108865 (integer), " +
      "wanted an integer number of bytes from 1 to 67108864",
    ],
  },
  {
    name: "a limit of keys, below",
    text: core("max_keys_per_application = 0"),
    problems: [
      "parsec.toml:2: core_settings.max_keys_per_application: found 0 (integer), " +
      "wanted an integer from 1 to 1000000",
    ],
  },
  {
    name: "a limit of keys, above",
    text: core("max_keys_per_application = 1_000_001"),
    problems: [
      "parsec.toml:2: core_settings.max_keys_per_application: found 1000001 (integer), " +
      "wanted an integer from 1 to 1000000",
    ],
  },
  {
    name: "a level of the log that there is not",
    text: core('log_level = "verbose"'),
    problems: [
      'parsec.toml:2: core_settings.log_level: found "verbose" (string), ' +
      'wanted "error", "warn", "info", "debug" or "trace"',
    ],
  },
  {
    name: "a mode in decimal",
    text: listener("socket_mode = 666"),
    problems: [
      "parsec.toml:2: listener.socket_mode: found 666 (integer), " +
      "wanted an octal number from 0o000 to 0o777 that lets somebody write",
      "  hint: Write 0o666",
    ],
  },
  {
    name: "a mode as a string",
    text: listener('socket_mode = "0660"'),
    problems: [
      'parsec.toml:2: listener.socket_mode: found "0660" (string), ' +
      "wanted an octal number from 0o000 to 0o777 that lets somebody write",
      "  hint: Write 0o660",
    ],
  },
  {
    name: "a mode with more than permissions",
    text: listener("socket_mode = 0o1666"),
    problems: [
      "parsec.toml:2: listener.socket_mode: found 0o1666 (integer), " +
      "wanted an octal number from 0o000 to 0o777 that lets somebody write",
    ],
  },
  {
    name: "a mode that lets nobody connect",
    text: listener("socket_mode = 0o555"),
    problems: [
      "parsec.toml:2: listener.socket_mode: found 0o555 (integer), " +
      "wanted an octal number from 0o000 to 0o777 that lets somebody write",
    ],
  },
  {
    name: "another kind of listener",
    text: listener('listener_type = "Tcp"'),
    problems: [
      'parsec.toml:2: listener.listener_type: found "Tcp" (string), wanted "DomainSocket"',
    ],
  },
  {
    name: "a socket's path that is too long by a byte",
    text: listener(`socket_path = "/${"é".repeat(53)}x"`),
    problems: [
      `parsec.toml:2: listener.socket_path: found a path of 108 bytes, "/${"é".repeat(53)}x", ` +
      "wanted a path of a socket, at most 107 bytes as an absolute path",
    ],
  },
  {
    name: "paths that are none",
    text: listener('socket_path = ""') + '\nstore_path = "a\\u0000b"',
    problems: [
      'parsec.toml:2: listener.socket_path: found "" (string), ' +
      "wanted the path of a socket, as a string",
      'parsec.toml:12: provider.store_path: found "a\\u0000b" (string), ' +
      "wanted the path of a folder, as a string",
    ],
  },
  {
    name: "a folder where a file is wanted",
    text: keyManager('manager_type = "SQLite"\nsqlite_db_path = "/var/lib/parsec/"'),
    problems: [
      'parsec.toml:4: key_manager.sqlite_db_path: found "/var/lib/parsec/" (string), ' +
      "wanted the path of a file, as a string",
    ],
  },
  {
    name: "a mistyped key",
    text: core('log_levle = "info"'),
    problems: [
      `parsec.toml:2: core_settings.log_levle: found an unknown key, ${UNKNOWN_CORE}`,
      "  hint: Did you mean log_level?",
    ],
  },
  {
    name: "a key unlike any other",
    text: core("frobnicate = 1"),
    problems: [`parsec.toml:2: core_settings.frobnicate: found an unknown key, ${UNKNOWN_CORE}`],
  },
  {
    name: "a key of another section",
    text: core("timeout = 200"),
    problems: [
      `parsec.toml:2: core_settings.timeout: found an unknown key, ${UNKNOWN_CORE}`,
      "  hint: timeout belongs in [listener]",
    ],
  },
  {
    name: "a key of another type of provider, without its value",
    text: provider(`${SOFTWARE}\nuser_pin = "hunter2"`),
    problems: [
      `parsec.toml:4: provider.user_pin: found an unknown key, ${UNKNOWN_SOFTWARE}`,
      '  hint: user_pin belongs in [[provider]] with provider_type = "Pkcs11"',
    ],
  },
  {
    name: "a key with control characters",
    text: core('"a\\u001b[2J" = 1'),
    problems: [
      `parsec.toml:2: core_settings."a\\u001b[2J": found an unknown key, ${UNKNOWN_CORE}`,
    ],
  },
  {
    name: "a key that every object has",
    text: core("constructor = 1\n__proto__ = 2"),
    problems: [
      `parsec.toml:2: core_settings.constructor: found an unknown key, ${UNKNOWN_CORE}`,
      `parsec.toml:3: core_settings.__proto__: found an unknown key, ${UNKNOWN_CORE}`,
    ],
  },
  {
    name: "a mistyped section",
    text: file("[core_setings]"),
    problems: [
      "parsec.toml:1: core_setings: found an unknown section, wanted one of [core_settings], " +
      "[listener], [authenticator], [[key_manager]], [[provider]]",
      "  hint: Did you mean core_settings?",
    ],
  },
  {
    name: "a key before every section",
    text: file('log_level = "info"'),
    problems: [
      "parsec.toml:1: log_level: found a key outside of every section, wanted one of " +
      "[core_settings], [listener], [authenticator], [[key_manager]], [[provider]]",
      "  hint: log_level belongs in [core_settings]",
    ],
  },
  {
    name: "a section with too few brackets",
    text: file(`[provider]\n${SOFTWARE}`, "provider"),
    problems: ["parsec.toml:1: provider: found [provider], wanted [[provider]]"],
  },
  {
    name: "a section with too many brackets",
    text: file("[[listener]]", "listener"),
    problems: ["parsec.toml:1: listener: found [[listener]], wanted [listener]"],
  },
  {
    name: "sections that are none",
    text: file('provider = "Software"\nlistener = 1', "provider", "listener"),
    problems: [
      'parsec.toml:1: provider: found "Software" (string), wanted [[provider]]',
      "parsec.toml:2: listener: found 1 (integer), wanted [listener]",
    ],
  },
  {
    name: "a list of sections with something else in it",
    text: file("authenticator = [1]", "authenticator"),
    problems: ["parsec.toml:1: authenticator: found a list, wanted [authenticator]"],
  },
  {
    name: "nothing at all",
    text: "",
    problems: [
      "parsec.toml: authenticator: found nothing, wanted at least one [authenticator]",
      '  hint: Add one, e.g. with auth_type = "UnixPeerCredentials"',
      "parsec.toml: key_manager: found nothing, wanted at least one [[key_manager]]",
      '  hint: Add one, e.g. with manager_type = "SQLite"',
      "parsec.toml: provider: found nothing, wanted at least one [[provider]]",
      '  hint: Add one, e.g. with provider_type = "Software"',
    ],
  },
  {
    name: "a list without providers",
    text: file("provider = []", "provider"),
    problems: [
      "parsec.toml:1: provider: found nothing, wanted at least one [[provider]]",
      '  hint: Add one, e.g. with provider_type = "Software"',
    ],
  },
  {
    name: "required keys left out",
    text: "[authenticator]\n[[key_manager]]\n[[provider]]\n",
    problems: [
      `parsec.toml:1: authenticator.auth_type: found nothing, ${AUTH_TYPES}`,
      "parsec.toml:2: key_manager.manager_type: found nothing, " +
      'wanted a type of key manager that this version serves: "SQLite"',
      "parsec.toml:2: key_manager.name: found nothing, " +
      "wanted a name for providers to refer to, as a string that is not empty",
      `parsec.toml:3: provider.provider_type: found nothing, ${PROVIDER_TYPES}`,
    ],
  },
  {
    name: "a provider without key manager",
    text: provider('provider_type = "Software"'),
    problems: [
      "parsec.toml:1: provider.key_info_manager: found nothing, " +
      "wanted the name of a [[key_manager]], as a string that is not empty",
    ],
  },
  {
    name: "an authenticator not served yet",
    text: authenticator('auth_type = "JwtSvid"\nworkload_endpoint = "unix:///run/spire.sock"'),
    problems: [
      `parsec.toml:2: authenticator.auth_type: found "JwtSvid" (string), ${AUTH_TYPES}`,
      "  hint: Use UnixPeerCredentials, or wait for a version that serves JwtSvid; another " +
      "authenticator gives the clients other names, so they would not find their keys",
    ],
  },
  {
    name: "the on-disk key manager",
    text: keyManager('manager_type = "OnDisk"\nstore_path = "/var/lib/parsec/mappings"'),
    problems: [
      'parsec.toml:3: key_manager.manager_type: found "OnDisk" (string), ' +
      'wanted a type of key manager that this version serves: "SQLite"',
      '  hint: Use manager_type = "SQLite"; keys in the on-disk store are not read by this version',
    ],
  },
  {
    name: "a PKCS#11 provider with a wrong URI, whose value is not shown",
    text: provider(`${PKCS11}\ntoken_uri = "pkcs11:token=a;pin-value=1234"`),
    problems: [
      "parsec.toml:5: provider.token_uri: found a value that is not shown " +
      "(Cannot read a PKCS#11 URI: found the attribute pin-value, wanted RFC 7512), " +
      "wanted a PKCS#11 URI (RFC 7512)",
    ],
  },
  {
    name: "a PKCS#11 provider with the PIN in two places",
    text: provider(`${PKCS11}\nuser_pin = "1234"\ntoken_uri = "pkcs11:?pin-source=file:/pin"`),
    problems: [
      "parsec.toml:6: provider.token_uri: found a PIN in user_pin and token_uri, " +
      "wanted a PIN in one place",
    ],
  },
  {
    name: "a PKCS#11 provider whose URI is about another module",
    text: provider(`${PKCS11}\ntoken_uri = "pkcs11:?module-path=/other.so"`),
    problems: [
      "parsec.toml:5: provider.token_uri: found a module-path that is not library_path, " +
      "wanted the same file, or no module-path",
    ],
  },
  {
    name: "a TPM provider with a wrong auth value, which is not shown, and one in two places",
    text: provider(
      'provider_type = "Tpm"\nkey_info_manager = "km"\nowner_hierarchy_auth = "hex:123"\n' +
        'endorsement_hierarchy_auth = "secret"\nendorsement_hierarchy_auth_file = "/x"',
    ),
    problems: [
      "parsec.toml:4: provider.owner_hierarchy_auth: found a value that is not shown, " +
      "with something else after hex:, wanted pairs of hexadecimal digits after hex:",
      "parsec.toml:6: provider.endorsement_hierarchy_auth_file: " +
      "found an auth value in endorsement_hierarchy_auth too, wanted an auth value in one place",
    ],
  },
  {
    name: "a TPM provider with auth values that are too long for any TPM",
    text: provider(
      'provider_type = "Tpm"\nkey_info_manager = "km"\n' +
        `owner_hierarchy_auth = "hex:${"00".repeat(65)}"\n` +
        `endorsement_hierarchy_auth = "str:${"é".repeat(33)}"`,
    ),
    problems: [
      "parsec.toml:4: provider.owner_hierarchy_auth: found a value that is not shown, of 65 bytes, " +
      "wanted at most 64 bytes",
      "parsec.toml:5: provider.endorsement_hierarchy_auth: found a value that is not shown, " +
      "of 66 bytes, wanted at most 64 bytes",
    ],
  },
  {
    name: "a CryptoAuthLib provider with all of its keys",
    text: provider(
      'provider_type = "CryptoAuthLib"\nkey_info_manager = "km"\ndevice_type = "atecc608a"\n' +
        'iface_type = "i2c"\nwake_delay = 1500\nrx_retries = 20\nslave_address = 0xc0\nbus = 1\n' +
        'baud = 400000\naccess_key_file_name = "/etc/parsec/keys.toml"',
    ),
    problems: [
      `parsec.toml:2: provider.provider_type: found "CryptoAuthLib" (string), ${PROVIDER_TYPES}`,
      notServed("CryptoAuthLib"),
    ],
  },
  {
    name: "a Trusted Service provider",
    text: provider('provider_type = "TrustedService"\nkey_info_manager = "km"'),
    problems: [
      `parsec.toml:2: provider.provider_type: found "TrustedService" (string), ${PROVIDER_TYPES}`,
      notServed("TrustedService"),
    ],
  },
  {
    name: "a mistyped type of provider",
    text: provider('provider_type = "MbedCrypt"\nkey_info_manager = "km"'),
    problems: [
      `parsec.toml:2: provider.provider_type: found "MbedCrypt" (string), ${PROVIDER_TYPES}`,
      '  hint: Did you mean "MbedCrypto"?',
    ],
  },
  {
    name: "a type of provider that is no string",
    text: provider('provider_type = 1\nkey_info_manager = "km"'),
    problems: [`parsec.toml:2: provider.provider_type: found 1 (integer), ${PROVIDER_TYPES}`],
  },
  {
    name: "a secret of the wrong type, without its value",
    text: provider(
      'provider_type = "Pkcs11"\nkey_info_manager = "km"\nlibrary_path = "/p11.so"\nuser_pin = 123456',
    ),
    problems: [
      "parsec.toml:5: provider.user_pin: found a value that is not shown (integer), " +
      "wanted text, as a string",
    ],
  },
  {
    name: "a mistyped secret, without its value",
    text: provider(`${SOFTWARE}\nuser_pni = "hunter2"`),
    problems: [
      `parsec.toml:4: provider.user_pni: found an unknown key, ${UNKNOWN_SOFTWARE}`,
    ],
  },
  {
    name: "admins that are no list of names",
    text: authenticator(
      'auth_type = "Direct"\nadmins = [\n  { name = "a" },\n  "b",\n  { nam = "c" },\n]',
    ),
    problems: [
      'parsec.toml:5: authenticator.admins: found "b" (string), ' +
      'wanted a list of tables { name = "…" }, no name empty',
    ],
  },
  {
    name: "an admin with another key",
    text: authenticator('auth_type = "Direct"\nadmins = [{ name = "a", uid = 1 }]'),
    problems: [
      'parsec.toml:3: authenticator.admins: found a table with the keys "name", "uid", ' +
      'wanted a list of tables { name = "…" }, no name empty',
    ],
  },
  {
    name: "an admin whose name is a number",
    text: authenticator('auth_type = "UnixPeerCredentials"\nadmins = [{ name = 1000 }]'),
    problems: [
      "parsec.toml:3: authenticator.admins: found a table with the name 1000 (integer), " +
      'wanted a list of tables { name = "…" }, no name empty',
    ],
  },
  {
    name: "an admin without a name",
    text: authenticator('auth_type = "Direct"\nadmins = [{ name = "" }, {}]'),
    problems: [
      'parsec.toml:3: authenticator.admins: found a table with the name "" (string), ' +
      'wanted a list of tables { name = "…" }, no name empty',
    ],
  },
  {
    name: "two authenticators of a type",
    text: file(
      '[[authenticator]]\nauth_type = "Direct"\n[[authenticator]]\nauth_type = "Direct"',
      "authenticator",
    ),
    problems: [
      'parsec.toml:4: authenticator.auth_type: found "Direct" a second time, after line 2, ' +
      "wanted one authenticator of a type",
    ],
  },
  {
    name: "two key managers of a name, on one path",
    text: file('[[key_manager]]\nname = "km"\nmanager_type = "SQLite"'),
    problems: [
      'parsec.toml:11: key_manager.name: found "km" a second time, after line 2, ' +
      "wanted a name of its own",
      "parsec.toml:10: key_manager.sqlite_db_path: found " +
      '"/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3", where ' +
      "key_manager.sqlite_db_path in line 1 is " +
      '"/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3", ' +
      "wanted a path of its own",
    ].toReversed(),
  },
  {
    name: "two providers of a type and a name, on one path",
    text: file(`[[provider]]\n${SOFTWARE}\nstore_path = "/a"\nname = "p"`) +
      '\nstore_path = "/x/../a"\nname = "p"',
    problems: [
      "parsec.toml:16: provider.applications: found nothing, as in the other " +
      '"Software" provider in line 1, wanted the names of the applications that one of the two ' +
      "serves, since requests choose a provider by its type",
      'parsec.toml:18: provider.store_path: found "/a", where provider.store_path in line 4 is "/a", ' +
      "wanted a path of its own",
      'parsec.toml:19: provider.name: found "p" a second time, after line 5, ' +
      "wanted a name of its own",
    ],
  },
  {
    name: "a provider that names no key manager",
    text: provider('provider_type = "Software"\nkey_info_manager = "km2"'),
    problems: [
      'parsec.toml:3: provider.key_info_manager: found "km2", ' +
      'wanted the name of a [[key_manager]]: "km"',
      '  hint: Did you mean "km"?',
    ],
  },
  {
    name: "a store where the socket is",
    text: provider(`${SOFTWARE}\nstore_path = "/run/parsec/parsec.sock"`),
    problems: [
      'parsec.toml:4: provider.store_path: found "/run/parsec/parsec.sock", where ' +
      'listener.socket_path in line 6 is "/run/parsec/parsec.sock", wanted a path of its own',
    ],
  },
  {
    name: "a store below a file",
    text: provider(
      `${SOFTWARE}\nstore_path = ` +
        '"/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3/keys"',
    ),
    problems: [
      "parsec.toml:4: provider.store_path: found " +
      '"/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3/keys", where ' +
      "key_manager.sqlite_db_path in line 11 is " +
      '"/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3", ' +
      "wanted a path of its own",
    ],
  },
  {
    name: "a limit per user above the limit in all",
    text: listener("max_connections = 10\nmax_connections_per_uid = 11"),
    problems: [
      "parsec.toml:3: listener.max_connections_per_uid: found 11, " +
      "wanted at most max_connections, which is 10",
    ],
  },
  {
    name: "two spellings of a database's path",
    text: keyManager('manager_type = "SQLite"\nsqlite_db_path = "/a"\nstore_path = "/b"'),
    problems: [
      "parsec.toml:5: key_manager.store_path: found another spelling of sqlite_db_path, which is " +
      "in line 4, wanted one of the two",
    ],
  },
  {
    name: "a wrong value under another spelling",
    text: keyManager('manager_type = "SQLite"\nstore_path = 1'),
    problems: [
      "parsec.toml:4: key_manager.store_path: found 1 (integer), " +
      "wanted the path of a file, as a string",
    ],
  },
  {
    name: "a very long value, shortened",
    text: core(`log_level = "${"x".repeat(1000)}"`),
    problems: [
      `parsec.toml:2: core_settings.log_level: found "${"x".repeat(80)}…(+920)" (string), ` +
      'wanted "error", "warn", "info", "debug" or "trace"',
    ],
  },
  {
    name: "a value that would drive a terminal",
    text: core('log_level = "\\u001b[31m\\u202e"'),
    problems: [
      'parsec.toml:2: core_settings.log_level: found "\\u001b[31m\\u202e" (string), ' +
      'wanted "error", "warn", "info", "debug" or "trace"',
    ],
  },
  {
    name: "what is not TOML",
    text: "[listener]\ntimeout = 200 ms",
    problems: [
      "parsec.toml:2:15: found what is not TOML 1.0 (Must be a newline), wanted TOML 1.0",
    ],
  },
  {
    name: "a key twice, without its value",
    text: provider(`${SOFTWARE}\nuser_pin = "hunter2"\nuser_pin = "hunter3"`),
    problems: ["parsec.toml:5:1: found user_pin a second time, wanted it once"],
  },
  {
    name: "a second authenticator as upstream writes the first",
    text: file('[authenticator]\nauth_type = "Direct"'),
    problems: [
      "parsec.toml:7:2: found [authenticator] a second time, wanted it once",
      "  hint: Write [[authenticator]], with two brackets, for each if there are several",
    ],
  },
];

for (const { name, text, problems } of BAD) {
  Deno.test(`parseConfig() refuses ${name}`, async () => {
    assert.deepEqual(await problemsOf(text), problems);
  });
}

Deno.test("parseConfig() never shows a secret, whatever is wrong with it or around it", async () => {
  const secret = "hunter2";
  for (
    const line of [
      `user_pin = "${secret}"`,
      `user_pin = ["${secret}"]`,
      `user_pin = { pin = "${secret}" }`,
      `user_pin = "${secret}`,
      `user_pin = "${secret}\\q"`,
      `user_pin = ${secret}`,
      `user_pin = "${secret}" x`,
      `user_pin = "${secret}"\nuser_pin = "${secret}"`,
      `"user_pin " = "${secret}"`,
    ]
  ) {
    const text = provider(`provider_type = "Pkcs11"\nkey_info_manager = "km"\n${line}`);
    const problems = await problemsOf(text);
    assert.ok(problems.length > 0);
    assert.ok(!problems.join("\n").includes(secret), problems.join("\n"));
  }
});

Deno.test("ConfigError says how much is wrong, and where each problem is", async () => {
  const text = core('log_level = 1\n  thread_pool_size = "x"');
  await assert.rejects(parse(text), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(
      error.message,
      "Cannot use the configuration in parsec.toml: found 2 problems, wanted none",
    );
    assert.deepEqual(error.problems.map(({ line, column }) => [line, column]), [[2, 1], [3, 3]]);
    assert.deepEqual(error.problems[0], {
      file: "parsec.toml",
      line: 2,
      column: 1,
      key: "core_settings.log_level",
      found: "1 (integer)",
      wanted: '"error", "warn", "info", "debug" or "trace"',
    });
    return true;
  });
});

interface GoodCase {
  readonly name: string;
  readonly text: string;
  readonly check: (config: CheckedConfig) => void;
  /** Line and key of each note that is expected. */
  readonly notes?: readonly (readonly [ConfigNote["level"], number, string])[];
}

const DEFAULT_DATABASE = "/var/lib/parsec/kim-mappings/sqlite/sqlite-key-info-manager.sqlite3";

const GOOD_FILES: readonly GoodCase[] = [
  {
    name: "a file that says what must be said",
    text: file(""),
    check: (config) =>
      assert.deepEqual(config, {
        source: "parsec.toml",
        core: {
          logLevel: "info",
          logFormat: "text",
          logTimestamp: false,
          logErrorDetails: false,
          allowRoot: false,
          allowCoreDumps: false,
          bodyLengthLimit: 1_048_576,
          bufferSizeLimit: 1_048_576,
          maxKeysPerApplication: 1000,
          allowDeprecated: false,
          advertiseExtensions: false,
          threadPoolSize: 4,
        },
        listener: {
          socketPath: "/run/parsec/parsec.sock",
          socketMode: 0o666,
          timeoutMs: 200,
          executionTimeoutMs: 120_000,
          maxConnections: 1024,
          maxConnectionsPerUid: 512,
        },
        authenticators: [{ type: "UnixPeerCredentials", admins: [] }],
        keyInfoManagers: [{ type: "SQLite", name: "km", path: DEFAULT_DATABASE }],
        providers: [{
          type: "Software",
          name: "mbed-crypto-provider",
          keyInfoManager: "km",
          storePath: "/var/lib/parsec/software-provider",
          rootKey: "file",
          rootKeyCredential: "parsec-root-key",
          previousRootKey: "none",
          previousRootKeyCredential: "parsec-previous-root-key",
          rootKeyTcti: "device",
          rootKeyOwnerAuth: undefined,
          rootKeyPcrPublicKey: undefined,
          rootKeyPcrSignatures: undefined,
        }],
        notes: [],
      }),
  },
  {
    name: "no section of what is common and no listener",
    text: file("", "core_settings", "listener"),
    check: ({ core, listener }) =>
      assert.deepEqual([core.bodyLengthLimit, listener.timeoutMs], [
        1_048_576,
        1000,
      ]),
  },
  {
    name: "upstream's name of the software provider",
    text: provider('provider_type = "MbedCrypto"\nkey_info_manager = "km"'),
    check: ({ providers }) => assert.equal(providers[0]?.type, "Software"),
  },
  {
    name: "relative paths, from the working directory",
    text: listener('socket_path = "./parsec.sock"') + '\nstore_path = "../keys/"',
    check: ({ listener, providers }) => {
      assert.equal(listener.socketPath, "/work/parsec.sock");
      const [provider] = providers;
      assert.ok(provider?.type === "Software");
      assert.equal(provider.storePath, "/keys");
    },
  },
  {
    name: "a socket's path that just fits",
    text: listener(`socket_path = "/${"x".repeat(106)}"`),
    check: ({ listener }) => assert.equal(listener.socketPath.length, 107),
  },
  {
    name: "values at both ends of their ranges",
    text: file(
      "[core_settings]\nthread_pool_size = 1\nbody_len_limit = 1\nbuffer_size_limit = 67108864\n" +
        "[listener]\ntimeout = 1\nexecution_timeout = 3600000\nsocket_mode = 0o002\n" +
        "max_connections = 1",
      "core_settings",
      "listener",
    ),
    check: ({ core, listener }) => {
      assert.deepEqual([core.threadPoolSize, core.bodyLengthLimit, core.bufferSizeLimit], [
        1,
        1,
        67_108_864,
      ]);
      assert.deepEqual([listener.timeoutMs, listener.executionTimeoutMs], [1, 3_600_000]);
      assert.equal(listener.socketMode, 0o002);
      // The default of the limit per user gives way.
      assert.deepEqual([listener.maxConnections, listener.maxConnectionsPerUid], [1, 1]);
    },
  },
  {
    name: "several authenticators",
    text: file(
      '[[authenticator]]\nauth_type = "UnixPeerCredentials"\nadmins = [{ name = "0" }]\n' +
        '[[authenticator]]\nauth_type = "Direct"\n[[authenticator.admins]]\nname = "root"',
      "authenticator",
    ),
    check: ({ authenticators }) =>
      assert.deepEqual(authenticators, [
        { type: "UnixPeerCredentials", admins: ["0"] },
        { type: "Direct", admins: ["root"] },
      ]),
    notes: [["warn", 5, "authenticator.auth_type"]],
  },
  {
    name: "an administrator that no client can be, with a warning",
    text: authenticator(
      'auth_type = "UnixPeerCredentials"\nadmins = [{ name = "1000" }, { name = "root" }]',
    ),
    check: ({ authenticators }) => assert.deepEqual(authenticators[0]?.admins, ["1000", "root"]),
    notes: [["warn", 3, "authenticator.admins"]],
  },
  {
    name: "store_path of an SQLite manager as its author meant it, with a warning",
    text: keyManager('manager_type = "SQLite"\nstore_path = "/data/keys.sqlite3"'),
    check: ({ keyInfoManagers }) => assert.equal(keyInfoManagers[0]?.path, "/data/keys.sqlite3"),
    notes: [["warn", 4, "key_manager.store_path"]],
  },
  {
    name: "a key that means nothing here, with a note",
    text: core("idle_listener_sleep_duration = 10"),
    check: ({ core }) => assert.ok(!Object.hasOwn(core, "idle_listener_sleep_duration")),
    notes: [["debug", 2, "core_settings.idle_listener_sleep_duration"]],
  },
  {
    name: "Windows line ends",
    text: file("").replaceAll("\n", "\r\n"),
    check: ({ listener }) => assert.equal(listener.timeoutMs, 200),
  },
  {
    name: "sections as inline tables and dotted keys",
    text: 'core_settings = { log_level = "trace" }\nlistener.timeout = 300\n' +
      'authenticator.auth_type = "Direct"\n' +
      'key_manager = [{ name = "km", manager_type = "SQLite" }]\n' +
      'provider = [{ provider_type = "Software", key_info_manager = "km" }]',
    check: ({ core, listener }) =>
      assert.deepEqual([core.logLevel, listener.timeoutMs], ["trace", 300]),
    notes: [["warn", 3, "authenticator.auth_type"]],
  },
  {
    name: "a file as a package of upstream installs it",
    text: `
# A gateway's file.
[core_settings]
log_level = "warn"
log_timestamp = true
thread_pool_size = 32
idle_listener_sleep_duration = 10 # milliseconds
body_len_limit = 1048576
log_error_details = true
allow_root = false
buffer_size_limit = 1048576
allow_deprecated = false

[listener]
listener_type = "DomainSocket"
timeout = 200 # milliseconds
socket_path = "/run/parsec/parsec.sock"

[authenticator]
auth_type = "UnixPeerCredentials"
admins = [ { name = "991" }, { name = "992" } ]

[[key_manager]]
name = "sqlite-manager"
manager_type = "SQLite"
sqlite_db_path = "/var/lib/parsec/store.sqlite3"

[[provider]]
provider_type = "MbedCrypto"
name = "the-software-provider"
key_info_manager = "sqlite-manager"
`,
    check: ({ core, listener, authenticators, keyInfoManagers, providers }) => {
      assert.equal(core.threadPoolSize, 32);
      assert.equal(core.logErrorDetails, true);
      assert.equal(listener.timeoutMs, 200);
      assert.deepEqual(authenticators, [{ type: "UnixPeerCredentials", admins: ["991", "992"] }]);
      assert.equal(keyInfoManagers[0]?.path, "/var/lib/parsec/store.sqlite3");
      assert.equal(providers[0]?.name, "the-software-provider");
    },
    notes: [["debug", 7, "core_settings.idle_listener_sleep_duration"]],
  },
];

for (const { name, text, check, notes = [] } of GOOD_FILES) {
  Deno.test(`parseConfig() reads ${name}`, async () => {
    const config = await parse(text);
    check(config);
    assert.deepEqual(config.notes.map(({ level, line, key }) => [level, line, key]), notes);
  });
}

async function formatOf(path: string): Promise<string> {
  try {
    await loadConfig(path, MACHINE);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.format();
  }
  return "";
}

Deno.test("loadConfig() reads a file, a byte order mark included", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "\ufeff" + file(""));
    const config = await loadConfig(path, MACHINE);
    assert.equal(config.source, path);
    assert.equal(config.listener.timeoutMs, 200);
    const { threadPoolSize } = (await loadConfig(path)).core;
    assert.equal(threadPoolSize, navigator.hardwareConcurrency);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("loadConfig() says why a file cannot be read", async () => {
  const folder = await Deno.makeTempDir();
  const wanted = "wanted a configuration file that can be read";
  try {
    assert.equal(await formatOf(`${folder}/none`), `${folder}/none: found no such file, ${wanted}`);
    assert.equal(await formatOf(folder), `${folder}: found a folder, ${wanted}`);
    const path = `${folder}/parsec.toml`;
    await Deno.writeFile(path, new Uint8Array([0x61, 0xff]));
    const utf8 = "found bytes that are not UTF-8, wanted TOML, which is UTF-8";
    assert.equal(await formatOf(path), `${path}: ${utf8}`);
    await Deno.writeTextFile(path, "#".repeat(1024 * 1024 + 1));
    const size = "found more than 1048576 bytes, wanted a configuration file";
    assert.equal(await formatOf(path), `${path}: ${size}`);
    assert.equal(await formatOf("/dev/zero"), `/dev/zero: ${size}`);
    const { problems } = await loadConfig("/dev/null").catch((error) => error);
    assert.equal(problems.length, 3);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the TOML parser is not loaded before a file is read", async () => {
  const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const program = `
    await import(${url("./load_config.ts")});
    const { embeddedDefault } = await import(${url("./embedded_default.ts")});
    embeddedDefault({ get: () => "/tmp" });`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-npm", "--no-check", program],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
