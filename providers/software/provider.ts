/**
 * The software provider: keys of its own store, operations by OpenSSL's libcrypto. Wire id 1, the number of
 * upstream's Mbed Crypto provider.
 */
import {
  CipherContext,
  type Libcrypto,
  openLibcrypto,
  rejectsImplicitly,
  withLegacyProvider,
} from "../../ffi/libcrypto/mod.ts";
import { Semaphore } from "../../ffi/runtime/semaphore.ts";
import type { Logger } from "../../src/log.ts";
import type { CryptoProvider, Primitives } from "../../src/provider.ts";
import { ProviderId } from "../../src/provider_id.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { StatusError } from "../../src/status.ts";
import { VERSION } from "../../src/version.ts";
import { aeadPrimitives } from "./aead.ts";
import { encryptionPrimitives } from "./asym_encryption.ts";
import { signaturePrimitives, type SignatureScheme } from "./asym_sign.ts";
import { openAvailable } from "./available.ts";
import { CallsInFlight } from "./calls_in_flight.ts";
import { cipherPrimitives } from "./cipher.ts";
import { dhKeys } from "./dh_keys.ts";
import { eccKeys } from "./ecc_keys.ts";
import { ecdsa } from "./ecdsa.ts";
import type { Engine } from "./engine.ts";
import { hashPrimitives } from "./hash.ts";
import { agreementPrimitives } from "./key_agreement.ts";
import { KEY_CACHE_LIMIT, KeyCache } from "./key_cache.ts";
import { derivationPrimitives, derivations } from "./key_derivation.ts";
import { type FamilyOf, keyLoader, keyManagement } from "./key_management.ts";
import type { KeyMaterialStore } from "./key_material_store.ts";
import { macPrimitives } from "./mac.ts";
import { randomPrimitives } from "./random.ts";
import { notSupported } from "./refusals.ts";
import { SoftwareRegistry } from "./registry.ts";
import { rsaKeys } from "./rsa_keys.ts";
import { rsaSignatures } from "./rsa_sign.ts";
import { translated } from "./status.ts";
import { symmetricKeys } from "./symmetric_keys.ts";

/** The same for every service (Parsec book, "Providers"). */
export const SOFTWARE_PROVIDER_UUID = "1c1139dc-ad7c-47dc-ad6b-db6fdb466552";

/**
 * The runtime has 32 threads, for files, the listener and other providers too: no more calls are in flight at
 * once, but for the making of keys, which has half as many of its own.
 */
const MOST_CALLS_IN_FLIGHT = 12;

/** Calls on other threads at once, where the configuration does not say. */
export const DEFAULT_MAX_CALLS_IN_FLIGHT = Math.min(
  navigator.hardwareConcurrency * 2,
  MOST_CALLS_IN_FLIGHT,
);

export interface SoftwareProviderOptions {
  /** The provider's name in the configuration. */
  readonly name: string;
  /** Belongs to the provider from here on, which disposes of it at its end. */
  readonly store: KeyMaterialStore;
  readonly log: Logger;
  /**
   * Calls on other threads at once: private RSA keys, slow curves, long messages; and half as many that make
   * keys. At most 12 count.
   */
  readonly maxCallsInFlight?: number | undefined;
  /** Path or soname of libcrypto. */
  readonly libraryPath?: string | undefined;
}

/** @throws {LibraryError} If libcrypto can't be loaded, or is not OpenSSL 3. */
export function openSoftwareProvider(options: SoftwareProviderOptions): CryptoProvider {
  const { name, store, log } = options;
  const wanted = options.maxCallsInFlight ?? DEFAULT_MAX_CALLS_IN_FLIGHT;
  const maxCallsInFlight = Math.min(wanted, MOST_CALLS_IN_FLIGHT);
  const library = withLegacyProvider(openLibcrypto(options.libraryPath));
  using opening = new DisposableStack();
  const registry = new SoftwareRegistry(opening.use(openAvailable(library)));
  const elsewhere = new Semaphore(maxCallsInFlight);
  // A key may take a minute to make: the use of keys must not have to wait for that.
  const makingKeys = new Semaphore(Math.ceil(maxCallsInFlight / 2));
  const familyOf = keyFamilies(library, registry, makingKeys);
  const cache = opening.use(new KeyCache(KEY_CACHE_LIMIT, keyLoader(store, familyOf)));
  const ciphers = opening.use(new CipherContext(library));
  const engine: Engine = { library, registry, cache, ciphers, elsewhere };
  const calls = new CallsInFlight();
  const opened = opening.move();
  log.info("Software provider ready", {
    openssl: library.version,
    maxCallsInFlight,
    implicitRejection: rejectsImplicitly(library),
    memory: library.memory.protection,
  });
  return {
    identity: { id: ProviderId.Software, uuid: SOFTWARE_PROVIDER_UUID, name },
    description: {
      description: `Software provider over OpenSSL ${library.version}`,
      vendor: "Parsec for the edge",
      version: VERSION,
    },
    registry,
    keys: calls.tracking(
      translated(keyManagement({ store, cache, familyOf, drawFrom: derivations(engine) })),
    ),
    primitives: calls.tracking(translated(primitives(engine))),
    async [Symbol.asyncDispose]() {
      await calls.settled();
      opened.dispose();
      store[Symbol.dispose]();
    },
  };
}

function primitives(engine: Engine): Primitives {
  return {
    ...randomPrimitives(engine),
    ...hashPrimitives(engine),
    ...signaturePrimitives(engine, signatureSchemes(engine)),
    ...encryptionPrimitives(engine),
    ...aeadPrimitives(engine),
    ...cipherPrimitives(engine),
    ...macPrimitives(engine),
    ...agreementPrimitives(engine),
    ...derivationPrimitives(engine),
  };
}

function signatureSchemes(engine: Engine): (type: KeyType) => SignatureScheme {
  const ecc = ecdsa(engine);
  const rsa = rsaSignatures(engine);
  return (type) => {
    switch (type.kind) {
      case "rsa_key_pair":
      case "rsa_public_key":
        return rsa;
      case "ecc_key_pair":
      case "ecc_public_key":
        return ecc;
      default:
        throw notServed(type);
    }
  };
}

function keyFamilies(
  library: Libcrypto,
  registry: SoftwareRegistry,
  makingKeys: Semaphore,
): FamilyOf {
  const symmetric = symmetricKeys(library);
  const ecc = eccKeys(registry, makingKeys);
  const rsa = rsaKeys(library, makingKeys);
  const dh = dhKeys(registry, makingKeys);
  return (type) => {
    switch (type.kind) {
      default:
        return symmetric;
      case "rsa_key_pair":
      case "rsa_public_key":
        return rsa;
      case "ecc_key_pair":
      case "ecc_public_key":
        return ecc;
      case "dh_key_pair":
      case "dh_public_key":
        return dh;
    }
  };
}

function notServed(type: KeyType): StatusError {
  return notSupported(`Cannot use a key of type ${type.kind}: not served`);
}
