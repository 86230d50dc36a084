/** The software provider over the installed libcrypto. */
import { openLibcrypto } from "../../ffi/libcrypto/mod.ts";
import { ProviderId } from "../../src/provider_id.ts";
import { CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { HAS_LEGACY_PROVIDER } from "../fakes/software_provider.ts";
import { configText } from "../e2e/service_config.ts";
import { serveInProcess } from "./served.ts";
import type { Suite } from "./suite.ts";
import type { Unsupported } from "./unsupported.ts";

/** What no OpenSSL 3 has, or the provider does not serve. */
const ALWAYS: readonly Unsupported[] = [
  { reason: "no build of OpenSSL 3 has MD2", algorithm: { hashes: [Hash.Md2] } },
  {
    reason: "secp224k1 has 225 bits",
    key: { families: [EccFamily.SecpK1], bits: [224] },
  },
  {
    reason: "private keys of secp160r2 don't fit into its bits",
    key: { families: [EccFamily.SecpR2] },
  },
  { reason: "libcrypto has no FRP256v1", key: { families: [EccFamily.Frp] } },
  {
    reason: "libcrypto has no XTS of Camellia",
    algorithm: { ciphers: [CipherMode.Xts] },
    key: { kinds: ["camellia"] },
  },
  { reason: "nor keys for it", key: { kinds: ["camellia"], bits: [384, 512] } },
  { reason: "libcrypto has no XTS with AES-192", key: { kinds: ["aes"], bits: [384] } },
  {
    reason: "libcrypto has no counter mode of DES",
    algorithm: { ciphers: [CipherMode.Ctr] },
    key: { kinds: ["des"] },
  },
  {
    reason: "PSA derives no RSA keys; of DES and DH ones only generated and imported are served",
    key: { kinds: ["rsa_key_pair", "des", "dh_key_pair"], ways: ["derive"] },
  },
  {
    reason: "a PSK has at most 512 bytes",
    algorithm: { kinds: ["tls12_psk_to_ms"] },
    key: { kinds: ["derive"], bits: [65_528] },
  },
  {
    reason: "a PSK has at most 512 bytes",
    algorithm: { kinds: ["key_agreement_with_derivation"], derivations: ["tls12_psk_to_ms"] },
    key: { kinds: ["dh_key_pair"], bits: [6144, 8192] },
  },
];

const WITHOUT_LEGACY_PROVIDER: readonly Unsupported[] = [
  { reason: "MD4 is in the legacy provider", algorithm: { hashes: [Hash.Md4] } },
  { reason: "RC4 is in the legacy provider", key: { kinds: ["arc4"] } },
  { reason: "single DES is in the legacy provider", key: { kinds: ["des"], bits: [64] } },
];

const BEFORE_3_2: readonly Unsupported[] = [
  {
    reason: "libcrypto signs deterministically from 3.2 on",
    algorithm: { kinds: ["deterministic_ecdsa"] },
    operations: ["PsaSignHash", "PsaSignMessage"],
  },
];

function isBefore(major: number, minor: number): boolean {
  const [foundMajor = 0, foundMinor = 0] = openLibcrypto().version.split(".").map(Number);
  return foundMajor < major || (foundMajor === major && foundMinor < minor);
}

export const softwareSuite: Suite = {
  name: "software provider",
  open: ({ allowDeprecated = false } = {}) =>
    serveInProcess({
      provider: ProviderId.Software,
      config: (folder) => configText(folder, { core: { allow_deprecated: allowDeprecated } }),
    }),
  unsupported: [
    ...ALWAYS,
    ...(HAS_LEGACY_PROVIDER ? [] : WITHOUT_LEGACY_PROVIDER),
    ...(isBefore(3, 2) ? BEFORE_3_2 : []),
  ],
};
