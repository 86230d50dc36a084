/** What no PKCS#11 token is asked for, as the provider suite wants it declared. */
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import type { Unsupported } from "../provider_suite/unsupported.ts";

const { Md2, Md4, Md5, Ripemd160, Sha512_224, Sha512_256 } = Hash;

/** PKCS#11 has no mechanism, or no token that we know of has it, or we don't serve it. */
export const IN_NO_TOKEN: readonly Unsupported[] = [
  { reason: "not served", key: { kinds: ["camellia", "des", "arc4"] } },
  { reason: "not served", key: { kinds: ["dh_key_pair", "dh_public_key"] } },
  { reason: "keys for XTS are not served", key: { kinds: ["aes"], bits: [384, 512] } },
  {
    reason: "the orders of these curves are longer than their fields: PSA's formats are ambiguous",
    key: { families: [EccFamily.SecpK1], bits: [224, 225] },
  },
  { reason: "likewise secp160r2", key: { families: [EccFamily.SecpR2] } },
  { reason: "not served", key: { families: [EccFamily.SectK1, EccFamily.SectR1] } },
  { reason: "not served", key: { families: [EccFamily.SectR2, EccFamily.Frp] } },
  { reason: "not served", key: { families: [EccFamily.Montgomery] } },
  { reason: "keys are not derived", operations: ["PsaDeriveBytes"] },
  {
    reason: "PKCS#11 has no deterministic ECDSA; its signatures verify like any",
    algorithm: { kinds: ["deterministic_ecdsa"] },
    operations: ["PsaSignHash", "PsaSignMessage"],
  },
  { reason: "not in PKCS#11", algorithm: { kinds: ["cbc_mac"] } },
  { reason: "not in PKCS#11", algorithm: { hashes: [Md2, Md4] } },
  {
    reason: "PKCS#11 has no mask function with them",
    algorithm: { kinds: ["rsa_pss"], hashes: [Md5, Ripemd160, Sha512_224, Sha512_256] },
  },
];
