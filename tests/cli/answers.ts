/**
 * The answers of a small service: two providers and core, keys of three kinds.
 */
import { AuthType } from "../../src/auth_type.ts";
import type { KeyListing } from "../../src/operations/list_keys.ts";
import { ProviderId } from "../../src/provider_id.ts";
import type { Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { type UsageFlag, usageFlags } from "../../src/psa/usage_flags.ts";
import type { Answers } from "./fake_service.ts";

export function listing(
  name: string,
  type: KeyType,
  bits: number,
  permittedAlgorithm: Algorithm,
  ...flags: readonly UsageFlag[]
): KeyListing {
  const policy = { usageFlags: usageFlags(...flags), permittedAlgorithm };
  return { providerId: ProviderId.Software, name, attributes: { type, bits, policy } };
}

const P256: KeyType = { kind: "ecc_key_pair", family: EccFamily.SecpR1 };

export const KEYS: readonly KeyListing[] = [
  listing(
    "rsa",
    { kind: "rsa_key_pair" },
    2048,
    { kind: "rsa_pkcs1v15_crypt" },
    "encrypt",
    "decrypt",
  ),
  listing("ecc", P256, 256, { kind: "ecdsa", hash: Hash.Sha256 }, "signHash", "signMessage"),
  listing("open", P256, 256, { kind: "ecdsa", hash: "any" }, "signHash"),
  listing("raw", P256, 256, { kind: "ecdsa_any" }, "signHash"),
  {
    ...listing("chip", P256, 256, { kind: "ecdsa", hash: Hash.Sha256 }),
    providerId: ProviderId.Tpm,
  },
  listing("md2", P256, 256, { kind: "ecdsa", hash: Hash.Md2 }, "signHash"),
  listing("x", { kind: "ecc_key_pair", family: EccFamily.Montgomery }, 255, { kind: "none" }),
];

const VERSION = { versionMaj: 0, versionMin: 1, versionRev: 0 };

export const ANSWERS: Answers = {
  Ping: () => ({ wireProtocolVersionMaj: 1, wireProtocolVersionMin: 0 }),
  ListProviders: () => ({
    providers: [
      {
        uuid: "1c1139dc-ad7c-47dc-ad6b-db6fdb466552",
        description: "Keys in software",
        vendor: "Arm",
        ...VERSION,
        id: ProviderId.Software,
      },
      {
        uuid: "47049873-2a43-4845-9d72-831eab668784",
        description: "The service itself",
        vendor: "",
        ...VERSION,
        id: ProviderId.Core,
      },
    ],
  }),
  ListAuthenticators: () => ({
    authenticators: [{ description: "By name", ...VERSION, id: AuthType.Direct }],
  }),
  ListOpcodes: ({ providerId }) => ({ opcodes: providerId === 0 ? [14, 1, 26] : [13, 0xffffffff] }),
  ListKeys: () => ({ keys: KEYS }),
};
