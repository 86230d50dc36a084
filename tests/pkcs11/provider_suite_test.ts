/** The suite that every provider passes, over SoftHSM. */
import { ProviderId } from "../../src/provider_id.ts";
import { AeadMode, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { testProvider } from "../provider_suite/all.ts";
import { type Served, serveInProcess, type ServeOptions } from "../provider_suite/served.ts";
import type { Unsupported } from "../provider_suite/unsupported.ts";
import { pkcs11ConfigText } from "./config.ts";
import { SoftHsm } from "./softhsm.ts";

async function open({ allowDeprecated = false }: Partial<ServeOptions> = {}): Promise<Served> {
  await using stack = new AsyncDisposableStack();
  const softhsm = stack.use(await SoftHsm.create());
  const token = await softhsm.initToken("suite");
  const served = stack.use(
    await serveInProcess({
      provider: ProviderId.Pkcs11,
      config: (folder) =>
        pkcs11ConfigText(folder, token, { core: { allow_deprecated: allowDeprecated } }),
    }),
  );
  const owned = stack.move();
  return {
    provider: served.provider,
    exchange: served.exchange,
    restart: () => served.restart(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const { Md2, Md4, Md5, Ripemd160, Sha384, Sha512, Sha512_224, Sha512_256 } = Hash;
const SHA3 = [Hash.Sha3_224, Hash.Sha3_256, Hash.Sha3_384, Hash.Sha3_512];

/** PKCS#11 has no mechanism, or no token that we know of has it, or we don't serve it. */
const IN_NO_TOKEN: readonly Unsupported[] = [
  { reason: "not served", key: { kinds: ["camellia", "des", "arc4"] } },
  { reason: "not served", key: { kinds: ["dh_key_pair", "dh_public_key"] } },
  {
    reason: "the orders of these curves are longer than their fields: PSA's formats are ambiguous",
    key: { families: [EccFamily.SecpK1], bits: [224] },
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

/** SoftHSM 2.6.1. */
const NOT_IN_SOFTHSM: readonly Unsupported[] = [
  { reason: "no ChaCha20", key: { kinds: ["chacha20"] } },
  { reason: "no CFB and OFB", algorithm: { ciphers: [CipherMode.Cfb, CipherMode.Ofb] } },
  { reason: "no XTS", algorithm: { ciphers: [CipherMode.Xts] } },
  { reason: "no CCM", algorithm: { aeads: [AeadMode.Ccm] } },
  {
    reason: "no truncated SHA-2, SHA-3 and RIPEMD",
    algorithm: { kinds: ["hash", "hmac"], hashes: [Ripemd160, Sha512_224, Sha512_256, ...SHA3] },
  },
  { reason: "no SHA-3", algorithm: { kinds: ["rsa_pss"], hashes: SHA3 } },
  {
    reason: "a key of HMAC is at least as long as the hash",
    algorithm: { kinds: ["hmac"] },
    key: { bits: [8] },
  },
  {
    reason: "a key of HMAC is at least as long as the hash",
    algorithm: { kinds: ["hmac"], hashes: [Sha384, Sha512] },
    key: { bits: [256] },
  },
  {
    reason: "a key of HMAC has at most 512 bytes",
    algorithm: { kinds: ["hmac"] },
    key: { bits: [65_528] },
  },
];

testProvider({
  name: "PKCS#11 provider, SoftHSM",
  open,
  unsupported: [...IN_NO_TOKEN, ...NOT_IN_SOFTHSM],
});
