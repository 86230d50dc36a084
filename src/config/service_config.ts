/**
 * The configuration of the service, checked: every value has its meaning, every default is filled in. How it
 * is written down is `parsec.toml`; this is what the composition root builds from.
 */
import type { LogLevel } from "../log.ts";
import type { TokenUri } from "../pkcs11_uri.ts";

export interface CoreConfig {
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  readonly logTimestamp: boolean;
  /** Whether names of keys and applications and inner errors may be logged. */
  readonly logErrorDetails: boolean;
  readonly allowRoot: boolean;
  /** Whether the memory of the process may be dumped and looked into. */
  readonly allowCoreDumps: boolean;
  /** Largest request body, bytes, inclusive. */
  readonly bodyLengthLimit: number;
  /** Largest number of random bytes or of output bytes in one answer. */
  readonly bufferSizeLimit: number;
  /** Keys of one application in one key info manager. */
  readonly maxKeysPerApplication: number;
  readonly allowDeprecated: boolean;
  /** Whether ListOpcodes tells of operations that existing clients do not know. */
  readonly advertiseExtensions: boolean;
  /** Native calls of one provider in flight at once. */
  readonly threadPoolSize: number;
}

export interface ListenerConfig {
  /** Absolute. */
  readonly socketPath: string;
  /** Permission bits of the socket, e.g. 0o666. */
  readonly socketMode: number;
  /** For reading one whole request, and for writing one whole answer. */
  readonly timeoutMs: number;
  /** For executing one request. */
  readonly executionTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerUid: number;
}

export interface AuthenticatorConfig {
  readonly type: "Direct" | "UnixPeerCredentials";
  /** Application names of the administrators under this authenticator. */
  readonly admins: readonly string[];
}

export interface KeyInfoManagerConfig {
  readonly name: string;
  readonly type: "SQLite";
  /** Absolute path of the database file. */
  readonly path: string;
}

interface CommonProviderConfig {
  readonly name: string;
  readonly keyInfoManager: string;
  /** Those that it serves; `undefined`: all that no other provider of its type names. */
  readonly applications?: readonly string[] | undefined;
}

/** A file of the store's folder, a credential of systemd, or a file of that folder that a TPM has sealed. */
export type RootKeyPlace = "file" | "credential" | "tpm";

export interface SoftwareProviderConfig extends CommonProviderConfig {
  readonly type: "Software";
  /** Absolute path of the folder that holds the provider's own keys. */
  readonly storePath: string;
  /** Where the key is under which they are encrypted. */
  readonly rootKey: RootKeyPlace;
  readonly rootKeyCredential: string;
  /** Where it was before, if the keys are to move. */
  readonly previousRootKey: "none" | RootKeyPlace;
  readonly previousRootKeyCredential: string;
  /** As tpm2-tss names the TPM that seals it. */
  readonly rootKeyTcti: string;
  /** `undefined` where it is empty. */
  readonly rootKeyOwnerAuth: AuthValueConfig | undefined;
  /** Absolute paths of the key that approves of states of the system, and of the approvals: both, or neither. */
  readonly rootKeyPcrPublicKey: string | undefined;
  readonly rootKeyPcrSignatures: string | undefined;
}

export interface Pkcs11ProviderConfig extends CommonProviderConfig {
  readonly type: "Pkcs11";
  /** Absolute path of the module. */
  readonly libraryPath: string;
  readonly serialNumber: string | undefined;
  readonly slotNumber: number | undefined;
  readonly tokenUri: TokenUri | undefined;
  /** Where the user's PIN is; `undefined` where nobody logs in. */
  readonly pin: PinConfig | undefined;
  readonly softwarePublicOperations: boolean;
  readonly allowExport: boolean;
  readonly waitForToken: boolean;
  /** Most operations at once; as many as suit the machine where it is not said. */
  readonly sessionPoolSize: number | undefined;
  /** What C_Initialize is given beyond the standard. */
  readonly libraryParameters: string | undefined;
}

export type PinConfig =
  /** As upstream has it: with `str:` or `hex:` before it, or without. */
  | { readonly kind: "user_pin"; readonly text: string }
  /** As it is. */
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "file"; readonly path: string };

export interface TpmProviderConfig extends CommonProviderConfig {
  readonly type: "Tpm";
  /** As tpm2-tss names a TPM; `device` alone leaves the choice of the device. */
  readonly tcti: string;
  /** `undefined` where it is empty. */
  readonly ownerAuth: AuthValueConfig | undefined;
  readonly endorsementAuth: AuthValueConfig | undefined;
  readonly skipIfNoTpm: boolean;
  /** `auto`: the best that the TPM has. */
  readonly rootKey: "auto" | "ecc-p256" | "rsa-2048";
  /** Absolute path of the folder for what must be remembered of the TPM. */
  readonly storePath: string;
}

/** With `str:` or `hex:` before it, or without; here, or in a file. */
export type AuthValueConfig =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string };

/** One member a kind of provider. */
export type ProviderConfig = SoftwareProviderConfig | Pkcs11ProviderConfig | TpmProviderConfig;

export interface ServiceConfig {
  /** The file it was read from; `undefined` for the embedded default. */
  readonly source: string | undefined;
  readonly core: CoreConfig;
  readonly listener: ListenerConfig;
  /** At least one, no two of one type. */
  readonly authenticators: readonly AuthenticatorConfig[];
  readonly keyInfoManagers: readonly KeyInfoManagerConfig[];
  /**
   * At least one, in order of preference, no two of one name. Of several of a type at most one has no
   * `applications`, and no two share one.
   */
  readonly providers: readonly ProviderConfig[];
}

/** Something worth saying about a configuration that is in order; for the log, once it is open. */
export interface ConfigNote {
  readonly level: "warn" | "debug";
  /** Constant, as every message of the log. */
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  /** The key in question, with its section: `authenticator.auth_type`. */
  readonly key?: string;
}

export interface CheckedConfig extends ServiceConfig {
  readonly notes: readonly ConfigNote[];
}
