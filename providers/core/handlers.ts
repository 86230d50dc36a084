import type { Application, Authenticator } from "../../src/authenticators/authenticator.ts";
import type { Audience } from "../../src/back/audience.ts";
import type { Handlers } from "../../src/back/handlers.ts";
import { letOthersIn } from "../../src/back/let_others_in.ts";
import { type AnswerLimits, checkAnswerLength } from "../../src/back/rules/answer_length.ts";
import type { KeyIdentity, KeyInfoManager } from "../../src/key_info/key_info_manager.ts";
import type { Logger } from "../../src/log.ts";
import { Opcode, type OperationName } from "../../src/opcode.ts";
import type { KeyListing } from "../../src/operations/list_keys.ts";
import type { ProviderInfo } from "../../src/operations/list_providers.ts";
import type { ProviderDescription, ProviderIdentity } from "../../src/provider.ts";
import { isProviderId } from "../../src/provider_id.ts";
import { ResponseStatus, StatusError } from "../../src/status.ts";
import { WIRE_VERSION_MAJOR, WIRE_VERSION_MINOR } from "../../src/wire/header.ts";

/** A provider as the core provider tells of it. */
export interface ServedProvider {
  readonly identity: ProviderIdentity;
  readonly description: ProviderDescription;
  readonly operations: readonly OperationName[];
}

/** The keys of one provider. */
export interface ServedKeys extends Audience {
  readonly provider: ProviderIdentity;
  readonly manager: KeyInfoManager;
  destroy(identity: KeyIdentity): Promise<void>;
}

export interface CoreOptions extends AnswerLimits {
  /**
   * The providers as somebody sees them, one for each id, in order of preference, the core provider last; read at
   * each request.
   */
  readonly providers: (application: Application | undefined) => readonly ServedProvider[];
  /** Of all providers, whomever they serve. */
  readonly keys: readonly ServedKeys[];
  /** The active ones, in configuration order. */
  readonly authenticators: () => readonly Authenticator[];
  readonly log: Logger;
}

export function coreHandlers(options: CoreOptions): Handlers {
  const { providers, keys, authenticators } = options;
  const log = options.log.child("core");
  return {
    Ping: () => ({
      wireProtocolVersionMaj: WIRE_VERSION_MAJOR,
      wireProtocolVersionMin: WIRE_VERSION_MINOR,
    }),
    ListProviders: (_, application) => ({ providers: providers(application).map(providerInfo) }),
    ListOpcodes: ({ providerId }, application) => ({
      opcodes: opcodes(providers(application), providerId),
    }),
    ListAuthenticators: () => ({
      authenticators: authenticators().map((
        { authType, description: { description, version } },
      ) => ({
        description,
        ...versionFields(version),
        id: authType,
      })),
    }),
    ListKeys: async (_, application) => {
      await letOthersIn();
      const reached = keys.filter((each) => each.serves(application));
      const listed = reached.flatMap((each) => listKeys(each, application!));
      checkListingLength(listed, options);
      return { keys: listed };
    },
    ListClients: async (_, admin) => {
      await letOthersIn();
      return { clients: listClients(keys, admin!) };
    },
    DeleteClient: async ({ client }, admin) => {
      await deleteClient(keys, { authType: admin!.authType, name: client }, log);
      return {};
    },
  };
}

function versionFields([versionMaj, versionMin, versionRev]: readonly [number, number, number]) {
  return { versionMaj, versionMin, versionRev };
}

function providerInfo({ identity, description }: ServedProvider): ProviderInfo {
  return {
    uuid: identity.uuid,
    description: description.description,
    vendor: description.vendor,
    ...versionFields(description.version),
    id: identity.id,
  };
}

/** @throws {StatusError} ProviderDoesNotExist, ProviderNotRegistered */
function opcodes(providers: readonly ServedProvider[], providerId: number): readonly number[] {
  if (!isProviderId(providerId)) {
    throw new StatusError(
      ResponseStatus.ProviderDoesNotExist,
      `Cannot list the opcodes: unknown provider ${providerId}`,
    );
  }
  const provider = providers.find(({ identity }) => identity.id === providerId);
  if (provider === undefined) {
    throw new StatusError(
      ResponseStatus.ProviderNotRegistered,
      `Cannot list the opcodes: provider ${providerId} is not configured for who asks`,
    );
  }
  return provider.operations.map((name) => Opcode[name]);
}

function listKeys({ provider, manager }: ServedKeys, application: Application): KeyListing[] {
  return manager.list(application)
    .filter(({ identity }) => isOf(provider, identity))
    .map(({ identity, attributes }) => ({
      providerId: provider.id,
      name: identity.keyName,
      attributes,
    }));
}

/** What a key takes in the answer beside its name, bytes; no key takes more. */
const LISTED_KEY_SIZE = 128;
const ENCODER = new TextEncoder();

/**
 * Before the answer is built, which is what takes the time.
 *
 * @throws {StatusError} ResponseTooLarge
 */
function checkListingLength(listed: readonly KeyListing[], limits: AnswerLimits): void {
  let length = 0;
  for (const { name } of listed) {
    length += LISTED_KEY_SIZE + ENCODER.encode(name).length;
    checkAnswerLength(length, limits);
  }
}

/** Several providers may share a key info manager. */
function isOf(provider: ProviderIdentity, identity: KeyIdentity): boolean {
  return identity.provider.uuid === provider.uuid && identity.provider.name === provider.name;
}

/** An administrator sees the clients of the authenticator that names it, no others. */
function listClients(keys: readonly ServedKeys[], admin: Application): readonly string[] {
  const names = keys.flatMap(({ manager }) => manager.clients(admin.authType));
  return [...new Set(names)].sort();
}

/**
 * Destroys what can be destroyed, in every provider, also where the client has left keys behind: a device that is
 * away must not keep the other providers' keys alive.
 *
 * @throws {unknown} The first failure, once everything was tried.
 */
async function deleteClient(
  keys: readonly ServedKeys[],
  client: Pick<Application, "authType" | "name">,
  log: Logger,
): Promise<void> {
  const failures: unknown[] = [];
  let destroyed = 0;
  for (const { provider, manager, destroy } of keys) {
    for (const { identity } of manager.list(client)) {
      if (!isOf(provider, identity)) continue;
      try {
        await destroy(identity);
        destroyed++;
      } catch (error) {
        if (isGone(error)) continue;
        failures.push(error);
        log.warn("Cannot destroy a key of the client", { provider: provider.name }, { error });
      }
    }
  }
  log.info("Client deleted", { destroyed, failed: failures.length }, { client: client.name });
  if (failures.length > 0) throw failures[0];
}

/** The client itself was faster. */
function isGone(error: unknown): boolean {
  return error instanceof StatusError && error.status === ResponseStatus.PsaErrorDoesNotExist;
}
