/**
 * The configuration without any file: the software provider over one SQLite store, for the user who starts the
 * service, with its state and its socket in that user's own folders (XDG Base Directory Specification 0.8).
 *
 * Root gets no special treatment: a development machine or a container works the same way, and root never
 * opens `/var/lib/parsec` of an installed service by leaving out `--config`.
 */
import { join } from "node:path/posix";
import { quote } from "../log/quote.ts";
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { refuseLongSocketPath } from "./read_value.ts";
import { CORE_SETTINGS } from "./schema/core_settings.ts";
import { KEY_MANAGER } from "./schema/key_manager.ts";
import { LISTENER } from "./schema/listener.ts";
import { SOFTWARE } from "./schema/software_provider.ts";
import { TPM } from "./schema/tpm_provider.ts";
import type { CheckedConfig } from "./service_config.ts";
import { defaultsOf } from "./to_service_config.ts";

/** `Deno.env` fits. */
export interface Environment {
  get(name: string): string | undefined;
}

/** Absolute paths. None needs to exist: whoever opens a store or the socket makes the folders, 0700. */
export interface EmbeddedPaths {
  readonly statePath: string;
  readonly socketPath: string;
}

/**
 * The state is in `$XDG_STATE_HOME/parsec`, else `$HOME/.local/state/parsec`; the socket is
 * `$XDG_RUNTIME_DIR/parsec/parsec.sock`, else `parsec.sock` in the state folder. As the specification has
 * it, a variable that is empty or not absolute counts as unset.
 *
 * @throws {ConfigError} If no folder can be chosen, or the socket's path is too long for a socket.
 */
export function embeddedPaths(environment: Environment): EmbeddedPaths {
  const statePath = chooseStatePath(environment);
  const runtime = absolute(environment, "XDG_RUNTIME_DIR");
  const socketPath = runtime === undefined
    ? join(statePath, "parsec.sock")
    : join(runtime, "parsec", "parsec.sock");
  const refusal = refuseLongSocketPath(socketPath);
  if (refusal === undefined) return { statePath, socketPath };
  const key = runtime === undefined ? "XDG_STATE_HOME" : "XDG_RUNTIME_DIR";
  throw refuse({ key, ...refusal, hint: "Set XDG_RUNTIME_DIR to a folder with a shorter path" });
}

/**
 * @param options.cpus The machine's by default.
 * @throws {ConfigError} As {@linkcode embeddedPaths}.
 */
export function embeddedDefault(
  environment: Environment,
  { cpus = navigator.hardwareConcurrency }: { readonly cpus?: number } = {},
): CheckedConfig {
  const { statePath, socketPath } = embeddedPaths(environment);
  const name = KEY_MANAGER.keys.name.example;
  return {
    source: undefined,
    core: { ...defaultsOf(CORE_SETTINGS.keys, cpus), allowRoot: true },
    // Only this user has keys here, so only this user connects.
    listener: { ...defaultsOf(LISTENER.keys, cpus), socketPath, socketMode: 0o600 },
    authenticators: [{ type: "UnixPeerCredentials", admins: [] }],
    keyInfoManagers: [{ name, type: "SQLite", path: join(statePath, "key-info.sqlite3") }],
    providers: [{
      type: "Software",
      name: SOFTWARE.keys.name.default,
      keyInfoManager: name,
      storePath: join(statePath, "software-provider"),
      rootKey: SOFTWARE.keys.root_key.default,
      rootKeyCredential: SOFTWARE.keys.root_key_credential.default,
      previousRootKey: SOFTWARE.keys.previous_root_key.default,
      previousRootKeyCredential: SOFTWARE.keys.previous_root_key_credential.default,
      rootKeyTcti: TPM.keys.tcti.default,
      rootKeyOwnerAuth: undefined,
      rootKeyPcrPublicKey: undefined,
      rootKeyPcrSignatures: undefined,
    }],
    notes: [],
  };
}

function chooseStatePath(environment: Environment): string {
  const stateHome = absolute(environment, "XDG_STATE_HOME");
  if (stateHome !== undefined) return join(stateHome, "parsec");
  const home = absolute(environment, "HOME");
  if (home !== undefined) return join(home, ".local", "state", "parsec");
  throw refuse({
    key: "HOME",
    found: describe(environment, "HOME"),
    wanted: "an absolute path there or in XDG_STATE_HOME, to keep the keys in",
    hint: "Set one of them, or name a configuration file with --config",
  });
}

function absolute(environment: Environment, name: string): string | undefined {
  const path = environment.get(name);
  return path?.startsWith("/") ? path : undefined;
}

function describe(environment: Environment, name: string): string {
  const value = environment.get(name);
  return value === undefined ? "nothing" : quote(value);
}

function refuse(
  problem: Required<Pick<ConfigProblem, "found" | "wanted" | "hint">> & { readonly key: string },
): ConfigError {
  return new ConfigError([{ file: undefined, line: undefined, column: undefined, ...problem }]);
}
