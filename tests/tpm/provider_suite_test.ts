/** The suite that every provider passes, over a software TPM. */
import { ProviderId } from "../../src/provider_id.ts";
import { CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily } from "../../src/psa/key_type.ts";
import { testProvider } from "../provider_suite/all.ts";
import { type Served, serveInProcess, type ServeOptions } from "../provider_suite/served.ts";
import type { Unsupported } from "../provider_suite/unsupported.ts";
import { tpmConfigText } from "./config.ts";
import { Swtpm } from "./swtpm.ts";

async function open({ allowDeprecated = false }: Partial<ServeOptions> = {}): Promise<Served> {
  await using stack = new AsyncDisposableStack();
  const swtpm = stack.use(await Swtpm.start());
  const served = stack.use(
    await serveInProcess({
      provider: ProviderId.Tpm,
      config: (folder) =>
        tpmConfigText(folder, swtpm, { core: { allow_deprecated: allowDeprecated } }),
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

const {
  Md2,
  Md4,
  Md5,
  Ripemd160,
  Sha224,
  Sha512_224,
  Sha512_256,
  Sha3_224,
  Sha3_256,
  Sha3_384,
  Sha3_512,
} = Hash;

/** TPM 2.0 has no such thing, or it is not served. */
const IN_NO_TPM: readonly Unsupported[] = [
  {
    reason: "a TPM has RSA, elliptic curves, HMAC and block ciphers",
    key: {
      kinds: [
        ...["raw_data", "derive", "camellia", "des", "arc4", "chacha20"] as const,
        ...["dh_key_pair", "dh_public_key"] as const,
      ],
    },
  },
  {
    reason: "not served",
    key: {
      families: [
        ...[EccFamily.SecpK1, EccFamily.SecpR2, EccFamily.SectK1, EccFamily.SectR1],
        ...[EccFamily.SectR2, EccFamily.BrainpoolPR1, EccFamily.Frp, EccFamily.Montgomery],
      ],
    },
  },
  { reason: "keys do not leave the TPM", operations: ["PsaExportKey"] },
  { reason: "not in TPM 2.0", operations: ["PsaAeadEncrypt", "PsaAeadDecrypt"] },
  { reason: "not in TPM 2.0", algorithm: { kinds: ["cbc_mac", "rsa_pkcs1v15_sign_raw"] } },
  { reason: "not in TPM 2.0", algorithm: { ciphers: [CipherMode.Xts] } },
  { reason: "keys are not derived", operations: ["PsaDeriveBytes"] },
  {
    reason: "a TPM's signatures are randomised",
    algorithm: { kinds: ["deterministic_ecdsa"] },
    operations: ["PsaSignHash", "PsaSignMessage"],
  },
  {
    reason: "in no TPM, nor made up for",
    algorithm: { hashes: [Md2, Md4, Md5, Ripemd160] },
  },
];

/** libtpms 0.9. */
const NOT_IN_SWTPM: readonly Unsupported[] = [
  {
    reason: "1024, 2048 and 3072 only",
    key: { kinds: ["rsa_key_pair", "rsa_public_key"], bits: [1032, 4096, 8192] },
  },
  { reason: "AES-128 and AES-256 only", key: { kinds: ["aes"], bits: [192, 384, 512] } },
  {
    reason: "SHA-1 and SHA-2 of 256, 384 and 512 bits only",
    algorithm: {
      kinds: ["hash", "hmac", "rsa_pkcs1v15_sign", "rsa_pss", "rsa_oaep"],
      hashes: [Sha224, Sha512_224, Sha512_256, Sha3_224, Sha3_256, Sha3_384, Sha3_512],
    },
  },
  {
    reason:
      "with ECDSA another hash stands in, but a longer one only where the curve does not cut it",
    algorithm: {
      kinds: ["ecdsa", "deterministic_ecdsa"],
      hashes: [Sha224, Sha512_224, Sha3_224],
    },
    key: { kinds: ["ecc_key_pair", "ecc_public_key"], bits: [192, 224] },
  },
];

testProvider({
  name: "TPM provider, swtpm",
  open,
  unsupported: [...IN_NO_TPM, ...NOT_IN_SWTPM],
});
