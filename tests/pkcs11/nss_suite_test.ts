/** The suite that every provider passes, over NSS's token. */
import { ProviderId } from "../../src/provider_id.ts";
import { testProvider } from "../provider_suite/all.ts";
import { type Served, serveInProcess, type ServeOptions } from "../provider_suite/served.ts";
import { pkcs11ConfigText } from "./config.ts";
import { NSS_MODULE, NSS_PIN, NSS_TOKEN_LABEL, NssDatabase } from "./nss.ts";
import type { Unsupported } from "../provider_suite/unsupported.ts";
import { IN_NO_TOKEN } from "./in_no_token.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { AeadMode, CipherMode } from "../../src/psa/algorithm.ts";

async function open({ allowDeprecated = false }: Partial<ServeOptions> = {}): Promise<Served> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await NssDatabase.create());
  const provider = {
    library_path: NSS_MODULE,
    library_parameters: database.parameters,
    token_uri: `pkcs11:token=${encodeURIComponent(NSS_TOKEN_LABEL)}`,
    user_pin: NSS_PIN,
  };
  const served = stack.use(
    await serveInProcess({
      provider: ProviderId.Pkcs11,
      config: (folder) =>
        pkcs11ConfigText(folder, provider, { core: { allow_deprecated: allowDeprecated } }),
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

const { Ripemd160, Sha512_224, Sha512_256 } = Hash;
const { SecpK1, SecpR1, BrainpoolPR1 } = EccFamily;
const SHA3 = [Hash.Sha3_224, Hash.Sha3_256, Hash.Sha3_384, Hash.Sha3_512];

/** NSS 3.87. */
const NOT_IN_NSS: readonly Unsupported[] = [
  { reason: "P-256, P-384 and P-521 alone", key: { families: [SecpK1, BrainpoolPR1] } },
  { reason: "P-256, P-384 and P-521 alone", key: { families: [SecpR1], bits: [192, 224] } },
  { reason: "digests are another slot's", operations: ["PsaHashCompute", "PsaHashCompare"] },
  { reason: "no CFB and OFB", algorithm: { ciphers: [CipherMode.Cfb, CipherMode.Ofb] } },
  { reason: "no XTS", algorithm: { ciphers: [CipherMode.Xts] } },
  { reason: "not served", algorithm: { ciphers: [CipherMode.StreamCipher] } },
  { reason: "no CCM", algorithm: { aeads: [AeadMode.Ccm] } },
  {
    reason: "no truncated SHA-2, SHA-3 and RIPEMD",
    algorithm: { kinds: ["hmac"], hashes: [Ripemd160, Sha512_224, Sha512_256, ...SHA3] },
  },
  { reason: "no SHA-3", algorithm: { kinds: ["rsa_pss"], hashes: SHA3 } },
  {
    reason: "a key of HMAC has at most 128 bytes",
    algorithm: { kinds: ["hmac"] },
    key: { bits: [65_528] },
  },
  { reason: "secrets of at most 256 bytes are made", key: { bits: [65_528], ways: ["generate"] } },
  {
    reason: "RSA keys of multiples of 16 bits are made",
    key: { kinds: ["rsa_key_pair"], bits: [1032], ways: ["generate"] },
  },
];

testProvider({
  name: "PKCS#11 provider, NSS",
  open,
  unsupported: [...IN_NO_TOKEN, ...NOT_IN_NSS],
});
