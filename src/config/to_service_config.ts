/** From the readings of a file without problems to the configuration. */
import { parsePkcs11Uri } from "../pkcs11_uri.ts";
import type { Readings } from "./read_document.ts";
import type { ConfigValue } from "./read_value.ts";
import type { SectionReading } from "./read_section.ts";
import { AUTHENTICATOR } from "./schema/authenticator.ts";
import { CORE_SETTINGS } from "./schema/core_settings.ts";
import { KEY_MANAGER } from "./schema/key_manager.ts";
import { LISTENER } from "./schema/listener.ts";
import { PKCS11 } from "./schema/pkcs11_provider.ts";
import { PROVIDER } from "./schema/provider.ts";
import { SOFTWARE } from "./schema/software_provider.ts";
import { TPM } from "./schema/tpm_provider.ts";
import { CPUS, type KeySchema, type KeyTable, type SectionValues } from "./schema/types.ts";
import type {
  AuthenticatorConfig,
  AuthValueConfig,
  KeyInfoManagerConfig,
  ListenerConfig,
  PinConfig,
  Pkcs11ProviderConfig,
  ProviderConfig,
  ServiceConfig,
  SoftwareProviderConfig,
  TpmProviderConfig,
} from "./service_config.ts";

/** @throws {TypeError} If a reading is not complete, which a problem should have told. */
export function toServiceConfig(readings: Readings): Omit<ServiceConfig, "source"> {
  return {
    core: valuesOf(CORE_SETTINGS.keys, single(readings.core_settings)),
    listener: withLimits(valuesOf(LISTENER.keys, single(readings.listener))),
    authenticators: readings.authenticator.map(toAuthenticator),
    keyInfoManagers: readings.key_manager.map(toKeyInfoManager),
    providers: readings.provider.map((reading, _, all) => toProvider(reading, all)),
  };
}

/** The default of the limit per uid gives way to a smaller limit in all. */
function withLimits(listener: ListenerConfig): ListenerConfig {
  const { maxConnections, maxConnectionsPerUid } = listener;
  return { ...listener, maxConnectionsPerUid: Math.min(maxConnections, maxConnectionsPerUid) };
}

function toAuthenticator(reading: SectionReading): AuthenticatorConfig {
  const type = reading.variant;
  if (type !== "Direct" && type !== "UnixPeerCredentials") throw notServed(reading);
  return { type, ...valuesOf(AUTHENTICATOR.keys, reading) };
}

function toKeyInfoManager(reading: SectionReading): KeyInfoManagerConfig {
  const type = reading.variant;
  if (type !== "SQLite") throw notServed(reading);
  return {
    type,
    ...valuesOf({ ...KEY_MANAGER.keys, ...KEY_MANAGER.variants.of[type].keys }, reading),
  };
}

function toProvider(reading: SectionReading, all: readonly SectionReading[]): ProviderConfig {
  switch (reading.variant) {
    case "Software":
      return toSoftwareProvider(reading, all);
    case "Pkcs11":
      return toPkcs11Provider(reading);
    case "Tpm":
      return toTpmProvider(reading);
    default:
      throw notServed(reading);
  }
}

/** Of the TPM that seals the root key, a Tpm provider may say what is left out. */
function toSoftwareProvider(
  reading: SectionReading,
  all: readonly SectionReading[],
): SoftwareProviderConfig {
  const { rootKeyTcti, rootKeyOwnerAuth, ...values } = valuesOf(
    { ...PROVIDER.keys, ...SOFTWARE.keys },
    reading,
  );
  const tpm = all.filter(({ variant }) => variant === "Tpm").map(toTpmProvider)
    .find(({ tcti }) => rootKeyTcti === undefined || tcti === rootKeyTcti);
  return {
    type: "Software",
    ...values,
    rootKeyTcti: rootKeyTcti ?? tpm?.tcti ?? TPM.keys.tcti.default,
    rootKeyOwnerAuth: toAuthValue(undefined, rootKeyOwnerAuth) ?? tpm?.ownerAuth,
    rootKeyPcrPublicKey: values.rootKeyPcrPublicKey,
    rootKeyPcrSignatures: values.rootKeyPcrSignatures,
  };
}

/** The URI says which token it is, and maybe where its PIN is. */
function toPkcs11Provider(reading: SectionReading): Pkcs11ProviderConfig {
  const { userPin, userPinFile, tokenUri, ...values } = valuesOf(
    { ...PROVIDER.keys, ...PKCS11.keys },
    reading,
  );
  const uri = tokenUri === undefined ? undefined : parsePkcs11Uri(tokenUri);
  const pinFile = userPinFile ?? uri?.pinFile;
  const pin: PinConfig | undefined = userPin !== undefined
    ? { kind: "user_pin", text: userPin }
    : pinFile !== undefined
    ? { kind: "file", path: pinFile }
    : uri?.pin !== undefined
    ? { kind: "plain", text: uri.pin }
    : undefined;
  return { type: "Pkcs11", ...values, tokenUri: uri?.match, pin };
}

function toTpmProvider(reading: SectionReading): TpmProviderConfig {
  const { ownerAuth, ownerAuthFile, endorsementAuth, endorsementAuthFile, ...values } = valuesOf(
    { ...PROVIDER.keys, ...TPM.keys },
    reading,
  );
  return {
    type: "Tpm",
    ...values,
    ownerAuth: toAuthValue(ownerAuth, ownerAuthFile),
    endorsementAuth: toAuthValue(endorsementAuth, endorsementAuthFile),
  };
}

function toAuthValue(
  text: string | undefined,
  path: string | undefined,
): AuthValueConfig | undefined {
  if (text !== undefined) return { kind: "text", text };
  return path === undefined ? undefined : { kind: "file", path };
}

function notServed({ section, variant }: SectionReading): TypeError {
  return new TypeError(
    `Cannot configure ${section}: found ${variant}, wanted what the schema serves`,
  );
}

function single(readings: readonly SectionReading[]): SectionReading {
  const [reading] = readings;
  if (reading === undefined) throw new TypeError("A section that is always there is not");
  return reading;
}

/** The values of a section's keys; the schema says their types, as `readValue` made sure. */
function valuesOf<K extends KeyTable>(keys: K, { values }: SectionReading): SectionValues<K> {
  return gather(keys, ({ field }) => field === undefined ? undefined : values.get(field));
}

/** The values that stand when every key is left out. */
export function defaultsOf<K extends KeyTable>(keys: K, cpus: number): SectionValues<K> {
  return gather(keys, (schema) => schema.default === CPUS ? cpus : schema.default);
}

function gather<K extends KeyTable>(
  keys: K,
  valueOf: (schema: KeySchema) => ConfigValue | typeof CPUS | undefined,
): SectionValues<K> {
  const gathered: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries<KeySchema>(keys)) {
    if (schema.field === undefined) continue;
    const value = valueOf(schema);
    if (value !== undefined) gathered[schema.field] = value;
    else if (schema.required || schema.default !== undefined) {
      throw new TypeError(`No value of ${key}`);
    }
  }
  return gathered as SectionValues<K>;
}
