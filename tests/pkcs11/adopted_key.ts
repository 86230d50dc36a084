/** Keys that are on a token already, adopted. */
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { UsageFlag } from "../../src/psa/usage_flags.ts";
import type { Key } from "../../src/provider.ts";
import { type KeyOptions, type TestProvider, unmadeKey } from "./provider.ts";

const ECDSA: Algorithm = { kind: "ecdsa", hash: Hash.Sha256 };
const SIGNS: readonly UsageFlag[] = ["signHash", "signMessage", "verifyHash", "verifyMessage"];

export interface AdoptOptions extends KeyOptions {
  readonly deleteWithKey?: boolean;
}

/** For signatures with ECDSA, unless told otherwise. */
export async function adopt(
  provider: TestProvider,
  uri: string,
  { deleteWithKey = false, algorithm = ECDSA, usage = SIGNS }: AdoptOptions = {},
): Promise<Key> {
  const { identity, attributes: { policy } } = unmadeKey(provider, { kind: "aes" }, 0, {
    algorithm,
    usage,
  });
  const source = { kind: "token_object", uri } as const;
  const { keyId, type, bits } = await provider.keys.adoptKey({
    ...{ source, identity, policy, deleteWithKey },
  });
  return { id: keyId, identity, attributes: { type, bits, policy } };
}
