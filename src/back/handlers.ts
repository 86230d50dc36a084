/**
 * The handlers of a provider in this process: partial, since no provider serves everything. ListOpcodes is
 * the list of those that are there.
 */
import type { Application } from "../authenticators/authenticator.ts";
import type { MaybePromise } from "../maybe_promise.ts";
import { isOwnOpcode, Opcode, type OperationName } from "../opcode.ts";
import type { OperationOf, ResultOf } from "../operations/operations.ts";

/**
 * @param application Who is asking; there whenever {@linkcode OPERATION_FACTS} says that the operation needs
 * one.
 */
export type Handler<K extends OperationName> = (
  operation: OperationOf<K>,
  application: Application | undefined,
) => MaybePromise<ResultOf<K>>;

export type Handlers = { readonly [K in OperationName]?: Handler<K> };

interface OperationFacts {
  /** Whether it belongs to the core provider or to the cryptographic ones. */
  readonly realm: "core" | "crypto";
  readonly needsApplication: boolean;
  readonly needsAdmin: boolean;
  /** Making a key can take a minute. */
  readonly makesKey: boolean;
}

const OPEN_CORE: OperationFacts = {
  realm: "core",
  needsApplication: false,
  needsAdmin: false,
  makesKey: false,
};
const OWN_CORE: OperationFacts = { ...OPEN_CORE, needsApplication: true };
const ADMIN: OperationFacts = { ...OWN_CORE, needsAdmin: true };
const OPEN_CRYPTO: OperationFacts = { ...OPEN_CORE, realm: "crypto" };
const KEY: OperationFacts = { ...OPEN_CRYPTO, needsApplication: true };
const NEW_KEY: OperationFacts = { ...KEY, makesKey: true };

/** Parsec book, "Operations (API)": where each operation lives and who may call it. */
export const OPERATION_FACTS: { readonly [K in OperationName]: OperationFacts } = {
  Ping: OPEN_CORE,
  ListProviders: OPEN_CORE,
  ListOpcodes: OPEN_CORE,
  ListAuthenticators: OPEN_CORE,
  ListKeys: OWN_CORE,
  ListClients: ADMIN,
  DeleteClient: ADMIN,
  PsaGenerateKey: NEW_KEY,
  PsaDestroyKey: KEY,
  PsaSignHash: KEY,
  PsaVerifyHash: KEY,
  PsaImportKey: NEW_KEY,
  PsaExportPublicKey: KEY,
  PsaAsymmetricEncrypt: KEY,
  PsaAsymmetricDecrypt: KEY,
  PsaExportKey: KEY,
  PsaGenerateRandom: OPEN_CRYPTO,
  PsaHashCompute: OPEN_CRYPTO,
  PsaHashCompare: OPEN_CRYPTO,
  PsaAeadEncrypt: KEY,
  PsaAeadDecrypt: KEY,
  PsaRawKeyAgreement: KEY,
  PsaCipherEncrypt: KEY,
  PsaCipherDecrypt: KEY,
  PsaMacCompute: KEY,
  PsaMacVerify: KEY,
  PsaSignMessage: KEY,
  PsaVerifyMessage: KEY,
  AttestKey: KEY,
  PrepareKeyAttestation: KEY,
  CanDoCrypto: KEY,
  PsaDeriveBytes: KEY,
  PsaDeriveKey: NEW_KEY,
  AdoptKey: { ...NEW_KEY, needsAdmin: true },
  GetAttestationIdentity: KEY,
  ActivateAttestationKey: KEY,
  CertifyKey: KEY,
  QuotePlatform: KEY,
};

/** They have contracts, but the Rust client lacks their numbers. */
const UNKNOWN_TO_CLIENTS: ReadonlySet<OperationName> = new Set(["PsaMacCompute", "PsaMacVerify"]);

/** The whole ListOpcodes call fails for existing clients if it tells a number that they do not know. */
function isExtension(name: OperationName): boolean {
  return isOwnOpcode(Opcode[name]) || UNKNOWN_TO_CLIENTS.has(name);
}

export interface AdvertisingOptions {
  /** Whether ListOpcodes tells of operations that existing clients do not know. */
  readonly advertiseExtensions: boolean;
}

/** What ListOpcodes tells of these handlers; all of them are served. Never of those for administrators. */
export function advertised(
  handlers: Handlers,
  { advertiseExtensions }: AdvertisingOptions,
): readonly OperationName[] {
  return (Object.keys(OPERATION_FACTS) as OperationName[]).filter((name) =>
    handlers[name] !== undefined && !OPERATION_FACTS[name].needsAdmin &&
    (advertiseExtensions || !isExtension(name))
  );
}
