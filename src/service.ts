/**
 * The composition root: from a checked configuration to something that answers requests. The one place,
 * with `main.ts`, that knows concrete classes.
 */
import { CORE_DESCRIPTION, CORE_IDENTITY, coreHandlers } from "../providers/core/mod.ts";
import { openLibc } from "../ffi/libc/mod.ts";
import { Secret } from "../ffi/runtime/secret.ts";
import type { PinSource } from "../providers/pkcs11/mod.ts";
import type { PcrApprovalFiles } from "../providers/tpm/mod.ts";
import {
  credentialRootKey,
  fileRootKey,
  openKeyStore,
  openSoftwareProvider,
  type RootKeySealer,
} from "../providers/software/mod.ts";
import type { Authenticator } from "./authenticators/authenticator.ts";
import { AuthenticatorRegistry } from "./authenticators/authenticator_registry.ts";
import { directAuthenticator } from "./authenticators/direct_authenticator.ts";
import { unixPeerCredentialsAuthenticator } from "./authenticators/unix_peer_credentials_authenticator.ts";
import { type Audience, audiences } from "./back/audience.ts";
import type { BackEnd } from "./back/back_end.ts";
import { cryptoHandlers } from "./back/crypto_handlers.ts";
import { Dispatcher } from "./back/dispatcher.ts";
import { InProcessBackEnd } from "./back/in_process_back_end.ts";
import { warnOfKeysOutOfReach } from "./back/keys_out_of_reach.ts";
import { routed } from "./back/routed_back_end.ts";
import { ConfigError } from "./config/config_error.ts";
import type {
  AuthenticatorConfig,
  AuthValueConfig,
  CoreConfig,
  PinConfig,
  ProviderConfig,
  RootKeyPlace,
  ServiceConfig,
  SoftwareProviderConfig,
  TpmProviderConfig,
} from "./config/service_config.ts";
import { sessionLimit } from "./config/session_limit.ts";
import { FrontEndHandler } from "./front/front_end_handler.ts";
import { openServiceManager } from "./front/service_manager.ts";
import type { FrontEnd } from "./front/transport.ts";
import { openUnixTransport } from "./front/unix_stream_transport.ts";
import type { KeyInfoManager } from "./key_info/key_info_manager.ts";
import { settle } from "./key_info/recovery.ts";
import { openKeyInfoManager } from "./key_info/sqlite_key_info_manager.ts";
import type { Logger } from "./log.ts";
import { protectProcess } from "./process_protection.ts";
import type { CryptoProvider } from "./provider.ts";
import { RefusedPinError } from "./refused_pin_error.ts";

const AUTHENTICATORS: { readonly [T in AuthenticatorConfig["type"]]: Authenticator } = {
  Direct: directAuthenticator,
  UnixPeerCredentials: unixPeerCredentialsAuthenticator,
};

/** Gives none where the configuration allows for a device that is not there. */
type OpenProvider<C extends ProviderConfig> = (
  config: C,
  all: ServiceConfig,
  log: Logger,
) => Promise<CryptoProvider | undefined>;

/** Code of a device is loaded where the configuration asks for it: it costs memory and time at the start. */
const loadPkcs11 = () => import("../providers/pkcs11/mod.ts");
const loadTpm = () => import("../providers/tpm/mod.ts");
type Pkcs11 = Awaited<ReturnType<typeof loadPkcs11>>;
type Tpm = Awaited<ReturnType<typeof loadTpm>>;

type ProviderConfigs = { readonly [C in ProviderConfig as C["type"]]: C };

const PROVIDERS: {
  readonly [T in keyof ProviderConfigs]: OpenProvider<ProviderConfigs[T]>;
} = {
  Software: async ({ name, ...config }, { core }, log) => {
    await using stack = new AsyncDisposableStack();
    const store = stack.use(
      await openKeyStore({ folder: config.storePath, ...await rootKeySealers(config, log), log }),
    );
    const maxCallsInFlight = core.threadPoolSize;
    const provider = await openSoftwareProvider({ name, store, log, maxCallsInFlight });
    stack.move();
    return provider;
  },
  Pkcs11: async ({ serialNumber, slotNumber, tokenUri, pin, ...config }, { providers }, log) => {
    const pkcs11 = await loadPkcs11();
    const opening = pkcs11.openPkcs11Provider({
      ...config,
      token: {
        serialNumber,
        slotNumber: slotNumber === undefined ? undefined : BigInt(slotNumber),
        uri: tokenUri,
      },
      pin: pin && pinSource(pin, pkcs11, log),
      sessions: config.sessionPoolSize ??
        Math.min(pkcs11.DEFAULT_SESSIONS, sessionLimit(providers)),
      initialise: { reserved: config.libraryParameters },
      log,
    });
    return await opening.catch((error) => {
      const isRefused = error instanceof pkcs11.TokenError && error.problem === "pin_refused";
      throw isRefused ? new RefusedPinError(error.message, { cause: error }) : error;
    });
  },
  Tpm: openTpm,
};

type RootKeyConfig = Omit<SoftwareProviderConfig, "type" | "name" | "keyInfoManager">;

async function rootKeySealers(
  config: RootKeyConfig,
  log: Logger,
): Promise<
  { readonly rootKey: RootKeySealer; readonly previousRootKey: RootKeySealer | undefined }
> {
  const { rootKey, rootKeyCredential, previousRootKey, previousRootKeyCredential } = config;
  const sealer = (place: RootKeyPlace, name: string): RootKeySealer | Promise<RootKeySealer> => {
    switch (place) {
      case "file":
        return fileRootKey({ folder: config.storePath, log });
      case "credential":
        return credentialRootKey({ folder: Deno.env.get("CREDENTIALS_DIRECTORY"), name });
      case "tpm":
        return tpmRootKeySealer(config, log);
    }
  };
  return {
    rootKey: await sealer(rootKey, rootKeyCredential),
    previousRootKey: previousRootKey === "none"
      ? undefined
      : await sealer(previousRootKey, previousRootKeyCredential),
  };
}

async function tpmRootKeySealer(
  { storePath, rootKeyTcti, rootKeyOwnerAuth, ...config }: RootKeyConfig,
  log: Logger,
): Promise<RootKeySealer> {
  const tpm = await loadTpm();
  return tpm.tpmRootKey({
    tcti: rootKeyTcti,
    ownerAuth: () => authValue(rootKeyOwnerAuth, tpm),
    folder: storePath,
    approvals: approvalFiles(config),
    log,
  });
}

function approvalFiles(
  { rootKeyPcrPublicKey: publicKey, rootKeyPcrSignatures: signatures }: Pick<
    SoftwareProviderConfig,
    "rootKeyPcrPublicKey" | "rootKeyPcrSignatures"
  >,
): PcrApprovalFiles | undefined {
  return publicKey === undefined || signatures === undefined
    ? undefined
    : { publicKey, signatures };
}

/**
 * Whether files that a configuration names are what they should be; no store and no device is touched.
 *
 * @throws {ConfigError} What is wrong with the first that is not.
 */
export async function checkFiles(config: ServiceConfig): Promise<void> {
  for (const provider of config.providers) {
    const files = provider.type === "Software" ? approvalFiles(provider) : undefined;
    if (files === undefined) continue;
    const { checkApprovalFiles, ApprovalFileError } = await loadTpm();
    try {
      await checkApprovalFiles(files);
    } catch (error) {
      if (!(error instanceof ApprovalFileError)) throw error;
      const { file, found, wanted } = error;
      const key = APPROVAL_KEYS[file];
      const place = { file: config.source, line: undefined, column: undefined };
      throw new ConfigError([{ ...place, key, found, wanted }], { cause: error });
    }
  }
}

const APPROVAL_KEYS: { readonly [F in keyof PcrApprovalFiles]: string } = {
  publicKey: "provider.root_key_pcr_public_key",
  signatures: "provider.root_key_pcr_signatures",
};

/** Software keys first: a root key may be in a TPM that serves one connection, which a TPM provider keeps. */
function inOpeningOrder(providers: readonly ProviderConfig[]): readonly ProviderConfig[] {
  const rank = ({ type }: ProviderConfig) => type === "Software" ? 0 : 1;
  return providers.toSorted((a, b) => rank(a) - rank(b));
}

async function openTpm(
  { name, tcti, rootKey, storePath, ...config }: TpmProviderConfig,
  _all: ServiceConfig,
  log: Logger,
): Promise<CryptoProvider | undefined> {
  const tpm = await loadTpm();
  try {
    return await tpm.openTpmProvider({
      name,
      tcti,
      rootKey: rootKey === "auto" ? undefined : rootKey,
      folder: storePath,
      ownerAuth: authValue(config.ownerAuth, tpm),
      endorsementAuth: authValue(config.endorsementAuth, tpm),
      log,
    });
  } catch (error) {
    const isAway = error instanceof tpm.TpmSetupError && error.problem === "unreachable";
    if (!isAway || !config.skipIfNoTpm) throw error;
    log.warn("Started without the TPM provider, as skip_if_no_tpm allows", {
      reason: error.message,
    });
    return undefined;
  }
}

function authValue(config: AuthValueConfig | undefined, tpm: Tpm): Secret {
  switch (config?.kind) {
    case undefined:
      return new Secret(new Uint8Array());
    case "text":
      return tpm.parseAuthValue(config.text);
    case "file":
      return tpm.readAuthValueFile(config.path);
  }
}

function openProvider<T extends keyof ProviderConfigs>(
  config: ProviderConfigs[T],
  all: ServiceConfig,
  log: Logger,
): Promise<CryptoProvider | undefined> {
  const type: T = config.type as T;
  return PROVIDERS[type](config, all, log);
}

function pinSource(pin: PinConfig, { parsePin, pinInFile }: Pkcs11, log: Logger): PinSource {
  switch (pin.kind) {
    case "user_pin":
      return () => parsePin(pin.text);
    case "plain":
      return () => parsePin(`str:${pin.text}`);
    case "file":
      return pinInFile(pin.path, log);
  }
}

/** A provider that is configured. */
interface ManagedProvider {
  readonly name: string;
  /** `undefined` where the configuration allows for a device that is not there. */
  readonly provider: CryptoProvider | undefined;
  readonly manager: KeyInfoManager;
}

/** Devices, stores and the way to them: what lives as long as the process. */
export interface Service extends AsyncDisposable {
  /** Builds the way from a request to the providers, by the parts of a configuration that may change. */
  frontEnd(config: ServiceConfig): FrontEndHandler;
}

/**
 * Opens stores and providers, and settles what a crash left half done.
 *
 * @throws {StorageError} or the provider's own error, with a message for the operator. Whatever was opened
 * is closed again.
 */
export async function openService(config: ServiceConfig, log: Logger): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const managers = new Map<string, KeyInfoManager>();
  for (const { name, path } of config.keyInfoManagers) {
    managers.set(name, stack.use(openKeyInfoManager({ path, log })));
  }
  const managed = new Map<ProviderConfig, ManagedProvider>();
  for (const each of inOpeningOrder(config.providers)) {
    const provider = stack.use(await openProvider(each, config, log.child(each.name)));
    const manager = managers.get(each.keyInfoManager);
    if (manager === undefined) throw new TypeError(`No key info manager ${each.keyInfoManager}`);
    if (provider !== undefined) await settle(manager, provider, log);
    managed.set(each, { name: each.name, provider, manager });
  }
  const providers = config.providers.flatMap((each) => managed.get(each) ?? []);
  if (providers.every(({ provider }) => provider === undefined)) {
    throw new Error("Cannot start: no configured provider can be used");
  }
  const owned = stack.move();
  return {
    frontEnd: (current) => assemble(withAudience(providers, current), current, log),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type ServingProvider = ManagedProvider & Audience;

/** @param config Of the providers that were opened; whom they serve may have changed since. */
function withAudience(
  providers: readonly ManagedProvider[],
  config: ServiceConfig,
): readonly ServingProvider[] {
  const audienceOf = audiences(config.providers);
  return providers.map((each) => {
    const audience = audienceOf.get(each.name);
    if (audience === undefined) throw new TypeError(`No configuration of provider ${each.name}`);
    return { ...each, ...audience };
  });
}

function assemble(
  providers: readonly ServingProvider[],
  config: ServiceConfig,
  log: Logger,
): FrontEndHandler {
  const authenticators = new AuthenticatorRegistry(
    config.authenticators.map(({ type, admins }) => ({
      authenticator: AUTHENTICATORS[type],
      admins,
    })),
  );
  warnOfKeysOutOfReach(providers, log);
  const backEnds = assembleBackEnds(providers, authenticators, config.core, log);
  const { bodyLengthLimit } = config.core;
  const dispatcher = new Dispatcher(backEnds);
  return new FrontEndHandler({ authenticators, dispatcher, bodyLengthLimit, log });
}

/** Slow operations that one application may have under way: enough to keep every thread at work. */
const LEAST_SHARE = 4;

/** In configuration order, the core provider last: clients take the first as their default. */
function assembleBackEnds(
  providers: readonly ServingProvider[],
  authenticators: AuthenticatorRegistry,
  core: CoreConfig,
  log: Logger,
): readonly BackEnd[] {
  const options = { ...core, share: Math.max(core.threadPoolSize, LEAST_SHARE) };
  const crypto = providers.flatMap(({ provider, manager, serves }) =>
    provider === undefined
      ? []
      : [{ provider, manager, serves, ...cryptoHandlers(provider, manager, core) }]
  );
  const served = routed(crypto.map(({ provider, handlers, serves }) => ({
    backEnd: new InProcessBackEnd(provider, handlers, options),
    serves,
  })));
  const coreBackEnd: BackEnd = new InProcessBackEnd(
    { identity: CORE_IDENTITY, description: CORE_DESCRIPTION },
    coreHandlers({
      providers: (application) => [
        ...served.flatMap((each) => each.seenBy(application) ?? []),
        coreBackEnd,
      ],
      keys: crypto.map(({ provider, manager, lifeCycle, serves }) => ({
        provider: provider.identity,
        manager,
        serves,
        destroy: (identity) => lifeCycle.destroy(identity),
      })),
      authenticators: () => authenticators.list(),
      bufferSizeLimit: core.bufferSizeLimit,
      log,
    }),
    { ...options, share: 1 }, // it is all done on this thread: two at once are no faster
  );
  return [...served, coreBackEnd];
}

/** Whether standard error takes bytes now, for the log. */
export function stderrTakesBytes(): () => boolean {
  const { takesBytes } = openLibc();
  return () => takesBytes(2);
}

/** Before anything is opened. @throws {Error} If the kernel refuses. */
export function protectMemory(config: ServiceConfig, log: Logger): void {
  protectProcess(openLibc(), config, log);
}

/** The way in, and what the service manager (systemd) is told of it. */
export interface ServiceListener extends AsyncDisposable {
  /** What a client sets PARSEC_SERVICE_ENDPOINT to. */
  readonly endpoint: string;
  /** Rejects when a bug keeps the listener from serving. */
  readonly failed: Promise<never>;
  /** Requests accepted from now on go to this front end. */
  serve(frontEnd: FrontEnd): void;
  /** Time-outs and limits from now on. */
  reconfigure(config: ServiceConfig): void;
  ready(): void;
  reloading(): void;
  /** Stops accepting and lets the requests in progress finish for at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** How often freed memory goes back to the system, ms. */
const RETURN_MEMORY_MS = 10_000;

/** @throws {Error} If the endpoint cannot be had; the message says why and what to do. */
export function openListener(config: ServiceConfig, log: Logger): ServiceListener {
  const calls = openLibc();
  using stack = new DisposableStack();
  const manager = stack.use(
    openServiceManager({ calls, environment: Deno.env, pid: Deno.pid, log }),
  );
  const inherited = manager.takeListener();
  const transport = openUnixTransport({ calls, listener: config.listener, inherited, log });
  const returning = setInterval(calls.returnFreeMemory, RETURN_MEMORY_MS);
  Deno.unrefTimer(returning);
  stack.defer(() => clearInterval(returning));
  const owned = stack.move();
  return {
    endpoint: transport.endpoint,
    failed: transport.failed,
    serve: (frontEnd) => transport.serve(frontEnd),
    reconfigure: (current) => transport.reconfigure(current.listener),
    ready: () => manager.ready(),
    reloading: () => manager.reloading(),
    stop: (graceMs) => {
      manager.stopping();
      return transport.drain(graceMs);
    },
    [Symbol.asyncDispose]: async () => {
      await transport[Symbol.asyncDispose]();
      owned.dispose();
    },
  };
}
