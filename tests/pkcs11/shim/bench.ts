/** A provider over SoftHSM with the shim in between, and a key to try it with. */
import type { Pkcs11ProviderOptions } from "../../../providers/pkcs11/mod.ts";
import { Hash } from "../../../src/psa/hash.ts";
import { EccFamily } from "../../../src/psa/key_type.ts";
import type { Key } from "../../../src/provider.ts";
import { generatedKey, openOn, type TestProvider } from "../provider.ts";
import { SoftHsm, type SoftHsmToken } from "../softhsm.ts";
import { Shim } from "./shim.ts";

export const P256 = { kind: "ecc_key_pair", family: EccFamily.SecpR1 } as const;
export const ECDSA = { kind: "ecdsa", hash: Hash.Sha256 } as const;
const HASH = new Uint8Array(32).fill(7);

/** SoftHSM behind the shim; providers are opened on its token. */
export class ShimBench implements AsyncDisposable {
  readonly shim: Shim;
  readonly softhsm: SoftHsm;
  readonly token: SoftHsmToken;

  private constructor(shim: Shim, softhsm: SoftHsm, token: SoftHsmToken) {
    this.shim = shim;
    this.softhsm = softhsm;
    this.token = token;
  }

  static async create(): Promise<ShimBench> {
    const shim = await Shim.build();
    const softhsm = await SoftHsm.create();
    return new ShimBench(shim, softhsm, await softhsm.initToken("shim"));
  }

  open(options: Partial<Pkcs11ProviderOptions> = {}): Promise<TestProvider> {
    return openOn(this.token, { libraryPath: this.shim.path, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.softhsm[Symbol.asyncDispose]();
    await this.shim[Symbol.asyncDispose]();
  }
}

export function signingKey(provider: TestProvider, keyName = "key"): Promise<Key> {
  return generatedKey(provider, P256, 256, { algorithm: ECDSA, keyName });
}

export async function sign({ primitives }: TestProvider, key: Key): Promise<Uint8Array> {
  const operation = { keyName: "key", alg: ECDSA, hash: HASH };
  return (await primitives.PsaSignHash(key, operation)).signature;
}

/** Waits until a condition holds. @throws {Error} If it does not within ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
