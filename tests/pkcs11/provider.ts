/** The provider over a token of SoftHSM, and keys for it: for tests of its primitives. */
import assert from "node:assert/strict";
import {
  openPkcs11Provider,
  parsePin,
  type Pkcs11Provider,
  type Pkcs11ProviderOptions,
} from "../../providers/pkcs11/mod.ts";
import { AuthType } from "../../src/auth_type.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, type UsageFlag, usageFlags } from "../../src/psa/usage_flags.ts";
import type { Key, KeyManagement, Primitives } from "../../src/provider.ts";
import { type ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { SoftHsm, SOFTHSM_MODULE, type SoftHsmToken } from "./softhsm.ts";

export interface TestProvider extends Pkcs11Provider {
  readonly keys: Required<Omit<KeyManagement, "deriveKey">>;
  readonly primitives: Required<Omit<Primitives, "PsaDeriveBytes">>;
}

export interface Bench extends AsyncDisposable {
  readonly softhsm: SoftHsm;
  readonly token: SoftHsmToken;
  readonly provider: TestProvider;
}

/** A provider over a fresh token. */
export async function openBench(options: Partial<Pkcs11ProviderOptions> = {}): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const softhsm = stack.use(await SoftHsm.create());
  const token = await softhsm.initToken("parsec");
  const provider = stack.use(await openOn(token, options));
  const owned = stack.move();
  return { softhsm, token, provider, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

export async function openOn(
  token: SoftHsmToken,
  options: Partial<Pkcs11ProviderOptions> = {},
): Promise<TestProvider> {
  const provider = await openPkcs11Provider({
    name: "pkcs11",
    libraryPath: SOFTHSM_MODULE,
    token: { serialNumber: token.serialNumber },
    pin: () => parsePin(token.pin),
    softwarePublicOperations: false,
    allowExport: true,
    log: silentLogger,
    ...options,
  });
  // All of them are served on SoftHSM; a test that uses one that is not fails.
  return provider as TestProvider;
}

export interface KeyOptions {
  readonly algorithm?: Algorithm;
  readonly usage?: readonly UsageFlag[];
  readonly keyName?: string;
}

/** A key that the provider has not made yet. */
export function unmadeKey(
  provider: Pkcs11Provider,
  type: KeyType,
  bits: number,
  { algorithm = { kind: "none" }, usage = USAGE_FLAGS, keyName = "key" }: KeyOptions = {},
): Key {
  return {
    id: provider.keys.reserveKeyId(),
    attributes: {
      type,
      bits,
      policy: { usageFlags: usageFlags(...usage), permittedAlgorithm: algorithm },
    },
    identity: {
      application: { authType: AuthType.Direct, name: "app" },
      provider: { uuid: provider.identity.uuid, name: provider.identity.name },
      keyName,
    },
  };
}

export async function generatedKey(
  provider: TestProvider,
  type: KeyType,
  bits: number,
  options: KeyOptions = {},
): Promise<Key> {
  const key = unmadeKey(provider, type, bits, options);
  assert.deepEqual(await provider.keys.generateKey(key), { keyId: key.id, bits });
  return key;
}

/** @param bits 0: as the data says; the key has them then. */
export async function importedKey(
  provider: TestProvider,
  type: KeyType,
  bits: number,
  data: Uint8Array,
  options: KeyOptions = {},
): Promise<Key> {
  const key = unmadeKey(provider, type, bits, options);
  const created = await provider.keys.importKey(key, data);
  return { ...key, attributes: { ...key.attributes, bits: created.bits } };
}

/** Expects a refusal with this status, thrown or rejected. */
export async function refused(status: ResponseStatus, call: () => unknown): Promise<void> {
  await assert.rejects(async () => await call(), (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(statusName(error.status), statusName(status), error.message);
    return true;
  });
}
