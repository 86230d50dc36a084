/**
 * The handlers of a cryptographic provider: what every provider needs done first (find the key, check policy
 * and sizes), then its primitive.
 */
import { wantedName } from "../authenticators/application_name.ts";
import type { Application } from "../authenticators/authenticator.ts";
import type { KeyIdentity, KeyInfoManager } from "../key_info/key_info_manager.ts";
import { andThen } from "../maybe_promise.ts";
import { isPublicKey, isSymmetric } from "../psa/key_type.ts";
import {
  type CryptoProvider,
  KEY_OPERATIONS,
  KEYLESS_OPERATIONS,
  type KeyOperation,
  type KeyPrimitive,
} from "../provider.ts";
import { ResponseStatus, StatusError } from "../status.ts";
import { attestationHandlers, type FindKey } from "./attestation_handlers.ts";
import { canDoCrypto } from "./can_do_crypto.ts";
import type { Handler, Handlers } from "./handlers.ts";
import { platformAttestationHandlers } from "./platform_attestation_handlers.ts";
import { type KeyCountLimit, KeyLifeCycle } from "./key_life_cycle.ts";
import { letOthersIn } from "./let_others_in.ts";
import { type AnswerLimits, checkAnswerLength } from "./rules/answer_length.ts";
import {
  checkDerivedKey,
  checkGeneration,
  checkImport,
  checkKeyName,
  type DeprecationOptions,
  widenedPolicy,
} from "./rules/key_creation_rules.ts";
import { checkKeyOperation, keyNameOf } from "./rules/key_operation_rules.ts";
import { requireUsage } from "./rules/policy.ts";

export type CryptoRules = DeprecationOptions & AnswerLimits & KeyCountLimit;

/** Random bytes that are drawn at once. More keep the thread busy for as long as some requests take. */
const QUICK_RANDOM_SIZE = 64 * 1024;

export interface CryptoHandlers {
  readonly handlers: Handlers;
  /** For the administrator's DeleteClient. */
  readonly lifeCycle: KeyLifeCycle;
}

export function cryptoHandlers(
  provider: CryptoProvider,
  manager: KeyInfoManager,
  rules: CryptoRules,
): CryptoHandlers {
  const lifeCycle = new KeyLifeCycle(manager, provider.keys, rules);
  const identify = identifier(provider);
  const findKey: FindKey = (application, keyName) => lifeCycle.find(identify(application, keyName));
  const handlers = {
    ...keyManagementHandlers(provider, lifeCycle, identify, rules),
    ...keyDerivationHandlers(provider, lifeCycle, identify, rules),
    ...adoptionHandlers(provider, lifeCycle, identify),
    ...keyOperationHandlers(provider, lifeCycle, identify, rules),
    ...keylessHandlers(provider, rules),
    ...attestationHandlers(provider.attestation, findKey),
    ...platformAttestationHandlers(provider.platformAttestation, findKey),
    CanDoCrypto: (operation) => {
      canDoCrypto(operation, provider.registry, rules);
      return {};
    },
  } satisfies Handlers;
  return { handlers, lifeCycle };
}

type Owner = Pick<Application, "authType" | "name">;
type Identify = (owner: Owner | undefined, keyName: string) => KeyIdentity;

function identifier({ identity: { uuid, name } }: CryptoProvider): Identify {
  const provider = { uuid, name };
  return (owner, keyName) => {
    if (owner === undefined) throw new TypeError("A key operation without an application");
    const { authType, name } = owner;
    return { application: { authType, name }, provider, keyName };
  };
}

function keyManagementHandlers(
  { keys, registry }: CryptoProvider,
  lifeCycle: KeyLifeCycle,
  identify: Identify,
  rules: CryptoRules,
): Handlers {
  const { generateKey, importKey, exportKey, exportPublicKey } = keys;
  return {
    ...(generateKey && {
      PsaGenerateKey: async (operation, application) => {
        checkKeyName(operation.keyName);
        const attributes = checkGeneration(operation.attributes, registry, rules);
        const identity = identify(application, operation.keyName);
        await lifeCycle.create(identity, attributes, (key) => generateKey.call(keys, key));
        return {};
      },
    }),
    ...(importKey && {
      PsaImportKey: async (operation, application) => {
        checkKeyName(operation.keyName);
        const { data } = operation;
        const attributes = checkImport(operation.attributes, data, registry);
        const identity = identify(application, operation.keyName);
        await lifeCycle.create(identity, attributes, (key) => importKey.call(keys, key, data));
        return {};
      },
    }),
    ...(exportKey && {
      PsaExportKey: (operation, application) => {
        const key = lifeCycle.find(identify(application, operation.keyName));
        if (!isPublicKey(key.attributes.type)) requireUsage(key.attributes, ["export"]);
        return andThen(exportKey.call(keys, key), (data) => ({ data }));
      },
    }),
    ...(exportPublicKey && {
      PsaExportPublicKey: (operation, application) => {
        const key = lifeCycle.find(identify(application, operation.keyName));
        if (isSymmetric(key.attributes.type)) {
          throw new StatusError(
            ResponseStatus.PsaErrorInvalidArgument,
            `Cannot export a public key: a key of type ${key.attributes.type.kind} has none`,
          );
        }
        return andThen(exportPublicKey.call(keys, key), (data) => ({ data }));
      },
    }),
    PsaDestroyKey: async (operation, application) => {
      await lifeCycle.destroy(identify(application, operation.keyName));
      return {};
    },
  };
}

/** The one operation on two keys: the new one, and the one that its secret comes from. */
function keyDerivationHandlers(
  { keys, registry }: CryptoProvider,
  lifeCycle: KeyLifeCycle,
  identify: Identify,
  rules: CryptoRules,
): Handlers {
  const { deriveKey } = keys;
  return {
    ...(deriveKey && {
      PsaDeriveKey: async (operation, application) => {
        const { keyName, derivation } = operation;
        checkKeyName(keyName);
        const from = lifeCycle.find(identify(application, keyNameOf("PsaDeriveKey", operation)));
        checkKeyOperation("PsaDeriveKey", operation, from, rules);
        const attributes = checkDerivedKey(
          operation.attributes,
          derivation.inputs,
          registry,
          rules,
        );
        const identity = identify(application, keyName);
        await lifeCycle.create(
          identity,
          attributes,
          (key) => deriveKey.call(keys, key, from, derivation),
        );
        return {};
      },
    }),
  };
}

/** Of an application's keys an administrator decides, of its own authenticator, as with DeleteClient. */
function adoptionHandlers(
  { keys }: CryptoProvider,
  lifeCycle: KeyLifeCycle,
  identify: Identify,
): Handlers {
  const { adoptKey } = keys;
  return {
    ...(adoptKey && {
      AdoptKey: async ({ client, keyName, source, deleteWithKey, ...operation }, admin) => {
        checkKeyName(keyName);
        const policy = widenedPolicy(operation.policy);
        const identity = identify(admin && ownerOf(admin, client), keyName);
        const key = { source, identity, policy, deleteWithKey };
        const look = () => adoptKey.call(keys, key);
        return { attributes: await lifeCycle.adopt(identity, policy, look) };
      },
    }),
  };
}

/** @throws {StatusError} PsaErrorInvalidArgument for a name that no application of the authenticator has. */
function ownerOf({ authType }: Application, name: string): Owner {
  const owner = { authType, name };
  const wanted = wantedName(owner);
  if (wanted === undefined) return owner;
  throw new StatusError(
    ResponseStatus.PsaErrorInvalidArgument,
    `Cannot adopt a key: found a client that nobody can be, wanted ${wanted}`,
  );
}

function keyOperationHandlers(
  provider: CryptoProvider,
  lifeCycle: KeyLifeCycle,
  identify: Identify,
  rules: CryptoRules,
): Handlers {
  const handlerOf = <K extends KeyOperation>(name: K): Handler<K> | undefined => {
    const primitive = provider.primitives[name] as KeyPrimitive<K> | undefined;
    if (primitive === undefined) return undefined;
    return (operation, application) => {
      const identity = identify(application, keyNameOf(name, operation));
      return lifeCycle.use(identity, (key) => {
        checkKeyOperation(name, operation, key, rules);
        return primitive(key, operation);
      });
    };
  };
  return present(KEY_OPERATIONS.map((name) => [name, handlerOf(name)]));
}

function keylessHandlers({ primitives }: CryptoProvider, rules: CryptoRules): Handlers {
  const generateRandom = primitives.PsaGenerateRandom;
  return {
    ...present(KEYLESS_OPERATIONS.map((name) => [name, primitives[name]])),
    ...(generateRandom && {
      PsaGenerateRandom: (operation) => {
        checkAnswerLength(operation.size, rules);
        if (operation.size <= QUICK_RANDOM_SIZE) return generateRandom(operation);
        return letOthersIn().then(() => generateRandom(operation));
      },
    }),
  };
}

/** The handlers that are there. The caller pairs each name with a handler of that name. */
function present(entries: readonly (readonly [string, unknown])[]): Handlers {
  return Object.fromEntries(entries.filter(([, handler]) => handler !== undefined)) as Handlers;
}
