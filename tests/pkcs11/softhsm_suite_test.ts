/** The suite that every provider passes, over SoftHSM. */
import { ProviderId } from "../../src/provider_id.ts";
import { AeadMode, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { testProvider } from "../provider_suite/all.ts";
import { type Served, serveInProcess, type ServeOptions } from "../provider_suite/served.ts";
import type { Unsupported } from "../provider_suite/unsupported.ts";
import { IN_NO_TOKEN } from "./in_no_token.ts";
import { pkcs11ConfigText, softHsmValues } from "./config.ts";
import { SoftHsm } from "./softhsm.ts";

async function open({ allowDeprecated = false }: Partial<ServeOptions> = {}): Promise<Served> {
  await using stack = new AsyncDisposableStack();
  const softhsm = stack.use(await SoftHsm.create());
  const token = await softhsm.initToken("suite");
  const served = stack.use(
    await serveInProcess({
      provider: ProviderId.Pkcs11,
      config: (folder) =>
        pkcs11ConfigText(folder, softHsmValues(token), {
          core: { allow_deprecated: allowDeprecated },
        }),
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

const { Ripemd160, Sha384, Sha512, Sha512_224, Sha512_256 } = Hash;
const SHA3 = [Hash.Sha3_224, Hash.Sha3_256, Hash.Sha3_384, Hash.Sha3_512];

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
