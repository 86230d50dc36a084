/** The TPM provider over a software TPM, and keys for it: for tests of its primitives. */
import { Secret } from "../../ffi/runtime/secret.ts";
import {
  openTpmProvider,
  TPM_PROVIDER_UUID,
  type TpmProviderOptions,
} from "../../providers/tpm/mod.ts";
import { AuthType } from "../../src/auth_type.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { USAGE_FLAGS, usageFlags } from "../../src/psa/usage_flags.ts";
import type { CryptoProvider, Key, KeyManagement, Primitives } from "../../src/provider.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { TempFolder } from "../fakes/temp_folder.ts";
import { Swtpm } from "./swtpm.ts";

/** A provider of which a test uses what is served; one that is not fails. */
export interface TestTpmProvider extends CryptoProvider {
  readonly keys: Required<KeyManagement>;
  readonly primitives: Required<Primitives>;
}

type Options = Partial<TpmProviderOptions>;

export async function openTestTpmProvider(
  swtpm: Swtpm,
  folder: TempFolder,
  options: Options = {},
): Promise<TestTpmProvider> {
  const provider = await openTpmProvider({
    name: "tpm-provider",
    tcti: swtpm.tcti,
    ownerAuth: new Secret(new Uint8Array()),
    folder: folder.path,
    log: silentLogger,
    ...options,
  });
  return provider as TestTpmProvider;
}

/** A TPM and a provider over it, new and gone with the test. */
export class TpmBench implements AsyncDisposable {
  readonly swtpm: Swtpm;
  readonly folder: TempFolder;
  provider: TestTpmProvider;

  private constructor(swtpm: Swtpm, folder: TempFolder, provider: TestTpmProvider) {
    this.swtpm = swtpm;
    this.folder = folder;
    this.provider = provider;
  }

  static async open(options: Options = {}): Promise<TpmBench> {
    const swtpm = await Swtpm.start();
    const folder = new TempFolder();
    return new TpmBench(swtpm, folder, await openTestTpmProvider(swtpm, folder, options));
  }

  /** Ends the provider and opens it again, as a restart of the service does. */
  async reopen(options: Options = {}): Promise<void> {
    await this.provider[Symbol.asyncDispose]();
    this.provider = await openTestTpmProvider(this.swtpm, this.folder, options);
  }

  /** Generates a key and gives it as the key info manager would. */
  async generate(type: KeyType, bits: number, alg: Algorithm, name?: KeyName): Promise<Key> {
    const key = unmadeKey(type, bits, alg, name);
    return made(key, await this.provider.keys.generateKey(key));
  }

  async import(
    type: KeyType,
    bits: number,
    alg: Algorithm,
    data: Uint8Array,
    name?: KeyName,
  ): Promise<Key> {
    const key = unmadeKey(type, bits, alg, name);
    return made(key, await this.provider.keys.importKey(key, data));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.provider[Symbol.asyncDispose]();
    await this.swtpm[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

export interface KeyName {
  readonly application?: string;
  readonly key?: string;
}

/** A key that the provider has not made yet. The rules of policy are not the provider's matter. */
export function unmadeKey(
  type: KeyType,
  bits: number,
  permittedAlgorithm: Algorithm,
  { application = "test", key = "key" }: KeyName = {},
): Key {
  return {
    id: new Uint8Array(),
    attributes: {
      type,
      bits,
      policy: { usageFlags: usageFlags(...USAGE_FLAGS), permittedAlgorithm },
    },
    identity: {
      application: { authType: AuthType.Direct, name: application },
      provider: { uuid: TPM_PROVIDER_UUID, name: "tpm-provider" },
      keyName: key,
    },
  };
}

function made(
  key: Key,
  { keyId, bits }: { readonly keyId: Uint8Array; readonly bits: number },
): Key {
  return { ...key, id: keyId, attributes: { ...key.attributes, bits } };
}
