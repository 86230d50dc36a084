/** The PKCS#11 provider: keys on a token, used through its module. Wire id 2. */
import { openLibcrypto } from "../../ffi/libcrypto/mod.ts";
import { CKF, type InitialiseOptions } from "../../ffi/pkcs11/mod.ts";
import { Semaphore } from "../../ffi/runtime/semaphore.ts";
import type { Logger } from "../../src/log.ts";
import type { CryptoProvider, KeyManagement, Primitives } from "../../src/provider.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { adoption } from "./adoption.ts";
import { aeadPrimitives } from "./aead.ts";
import { FAMILIES } from "./algorithms.ts";
import { encryptionPrimitives } from "./asym_encryption.ts";
import { signaturePrimitives } from "./asym_sign.ts";
import { cipherPrimitives } from "./cipher.ts";
import type { Connection } from "./connection.ts";
import { Digests } from "./digests.ts";
import type { Engine } from "./engine.ts";
import { hashPrimitives } from "./hash.ts";
import { agreementPrimitives } from "./key_agreement.ts";
import { keyManagement } from "./key_management.ts";
import { Login } from "./login.ts";
import { macPrimitives } from "./mac.ts";
import { openModule } from "./open_module.ts";
import type { PinSource } from "./pin.ts";
import { PublicKeys } from "./public_keys.ts";
import { randomPrimitives } from "./random.ts";
import { Pkcs11Registry, type TokenAbilities } from "./registry.ts";
import { translated } from "./status.ts";
import { Token } from "./token.ts";
import type { TokenChoice } from "./token_choice.ts";
import { LIMITS, type TokenLimits } from "./token_limits.ts";
import type { TokenState } from "./token_state.ts";

/** The same for every service (Parsec book, "Providers"). */
export const PKCS11_PROVIDER_UUID = "30e39502-eba6-4d60-a4af-c518b7f5e38f";

export interface Pkcs11ProviderOptions {
  /** The provider's name in the configuration. */
  readonly name: string;
  /** Path of the module. */
  readonly libraryPath: string;
  readonly initialise?: InitialiseOptions | undefined;
  readonly token: TokenChoice;
  /** Without one nobody logs in, and private objects are out of reach. */
  readonly pin?: PinSource | undefined;
  /** Most operations at once; each has a session and, where it takes time, a thread. */
  readonly sessions?: number | undefined;
  /** Verify and encrypt with public keys in software. */
  readonly softwarePublicOperations: boolean;
  /** Whether keys may be made that can be exported. */
  readonly allowExport: boolean;
  /** Start without the token if it is not there, and serve as soon as it is. */
  readonly waitForToken?: boolean | undefined;
  /** How long the token may take. */
  readonly limits?: TokenLimits | undefined;
  readonly log: Logger;
}

export interface Pkcs11Provider extends CryptoProvider {
  /** How the token is. */
  readonly state: TokenState;
}

/** Sessions where the configuration does not say: enough that no core is idle, well below the runtime's threads. */
export const DEFAULT_SESSIONS = Math.min(Math.max(8, navigator.hardwareConcurrency * 2), 16);

/**
 * Opens the module and finds the token.
 *
 * @throws {TokenError} For the operator: what is wrong with the library, the module, the slot, the token or the
 * PIN, and what to do. {LibraryError} If libcrypto can't be loaded.
 */
export async function openPkcs11Provider(options: Pkcs11ProviderOptions): Promise<Pkcs11Provider> {
  const { name, log, softwarePublicOperations, allowExport, sessions = DEFAULT_SESSIONS } = options;
  // Before the module: it may bring libcrypto too, and it must be initialised our way.
  const library = openLibcrypto();
  await using stack = new AsyncDisposableStack();
  const login = stack.use(new Login(options.pin));
  const abilities = new LastAbilities();
  const token = stack.use(await openToken(options, login, abilities, log));
  const elsewhere = new Semaphore(sessions);
  const digests = stack.use(new Digests(library, elsewhere));
  const registry = new Pkcs11Registry({
    hasDigest: (hash) => digests.has(hash),
    softwarePublicOperations,
    abilities: () => abilities.current,
  });
  const publicKeys = stack.use(
    new PublicKeys(library, (key) => keys.exportPublicKey(key)),
  );
  const engine: Engine = {
    token,
    registry,
    library,
    digests,
    publicKeys,
    softwarePublicOperations,
    allowExport,
  };
  const keys: Required<Omit<KeyManagement, "deriveKey">> = translated({
    ...keyManagement(engine),
    ...adoption(engine, log),
  });
  const owned = stack.move();
  return {
    identity: { id: ProviderId.Pkcs11, uuid: PKCS11_PROVIDER_UUID, name },
    description: {
      description: "PKCS #11 provider, interfacing with a PKCS #11 library.",
      vendor: "OASIS Standard.",
      version: [0, 1, 0],
    },
    registry,
    keys,
    primitives: translated(primitives(engine, token.connection)),
    get state() {
      return token.state;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openToken(
  options: Pkcs11ProviderOptions,
  login: Login,
  abilities: LastAbilities,
  log: Logger,
): Promise<Token> {
  const { libraryPath, initialise = {}, sessions = DEFAULT_SESSIONS } = options;
  return await Token.open({
    shared: openModule(libraryPath),
    initialise,
    choice: options.token,
    login,
    sessions,
    log,
    waitForToken: options.waitForToken ?? false,
    limits: options.limits ?? LIMITS,
    onConnect: (connection) => {
      tellOf(connection, { before: abilities.serialNumber, hasPin: login.isExpected, log });
      abilities.set(connection);
    },
  });
}

interface Circumstances {
  /** Serial number of the token that was there before. */
  readonly before: string | undefined;
  readonly hasPin: boolean;
  readonly log: Logger;
}

function tellOf(
  { found: { slot, token }, size, mechanisms }: Connection,
  { before, hasPin, log }: Circumstances,
): void {
  const { label, serialNumber, flags } = token;
  if (before !== undefined && before !== serialNumber) {
    log.warn("Another token is there: keys of the one before can't be used until it is back", {
      before,
      serial_number: serialNumber,
    });
  }
  if (!hasPin && (flags & CKF.LOGIN_REQUIRED) !== 0) {
    log.warn("The token shows its private keys to its user alone, and no PIN is configured", {
      label,
      wanted: "user_pin_file, user_pin, or a PIN in token_uri",
    });
  }
  log.info("Token ready", {
    slot: slot.toString(),
    label,
    serial_number: serialNumber,
    sessions: size,
    mechanisms: mechanisms.size,
  });
}

/** What the token was, and could do, when it was last seen. */
class LastAbilities {
  #abilities: TokenAbilities | undefined;
  #serialNumber: string | undefined;

  set({ mechanisms, quirks, token }: Connection): void {
    this.#abilities = { mechanisms, quirks };
    this.#serialNumber = token.serialNumber;
  }

  get serialNumber(): string | undefined {
    return this.#serialNumber;
  }

  /** @throws {StatusError} PsaErrorCommunicationFailure if it has not been seen yet. */
  get current(): TokenAbilities {
    if (this.#abilities !== undefined) return this.#abilities;
    throw new StatusError(
      ResponseStatus.PsaErrorCommunicationFailure,
      "Cannot say what the token can do: it has not been there yet",
    );
  }
}

/** What the token can do at all; everything if it has not been seen yet, to be refused one by one. */
function primitives(engine: Engine, connection: Connection | undefined): Primitives {
  const can = (mechanisms: readonly number[], uses: number) =>
    connection === undefined || mechanisms.some((mechanism) => {
      const info = connection.mechanisms.get(mechanism);
      return info !== undefined && (info.flags & uses) !== 0;
    });
  const hasRandom = connection === undefined || (connection.token.flags & CKF.RNG) !== 0;
  const signs = CKF.SIGN | CKF.VERIFY;
  const encrypts = CKF.ENCRYPT | CKF.DECRYPT;
  return {
    ...(hasRandom && randomPrimitives(engine)),
    ...(can(FAMILIES.digest, CKF.DIGEST) && hashPrimitives(engine)),
    ...(can(FAMILIES.signature, signs) && signaturePrimitives(engine)),
    ...(can(FAMILIES.mac, signs) && macPrimitives(engine)),
    ...(can(FAMILIES.encryption, encrypts) && encryptionPrimitives(engine)),
    ...(can(FAMILIES.cipher, encrypts) && cipherPrimitives(engine)),
    ...(can(FAMILIES.aead, encrypts) && aeadPrimitives(engine)),
    ...(can(FAMILIES.agreement, CKF.DERIVE) && agreementPrimitives(engine)),
  };
}
