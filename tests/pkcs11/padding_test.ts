/**
 * Decryptions that fail: nobody learns from the status, or from how long it takes, what the padding looked like.
 * Modules say different things of different paddings; the shim says them for SoftHSM.
 */
import assert from "node:assert/strict";
import { CKR } from "../../ffi/pkcs11/mod.ts";
import { CipherMode } from "../../src/psa/algorithm.ts";
import { ResponseStatus } from "../../src/status.ts";
import { generatedKey, refused, type TestProvider } from "./provider.ts";
import { ShimBench, sign, signingKey, until } from "./shim/bench.ts";

const VENDORS_OWN = 0x8000_0042;

/** What some module says of a padding that is wrong. */
const SAID: readonly (keyof typeof CKR | number)[] = [
  "ENCRYPTED_DATA_INVALID",
  "ENCRYPTED_DATA_LEN_RANGE",
  "DATA_INVALID",
  "DATA_LEN_RANGE",
  "ARGUMENTS_BAD",
  "BUFFER_TOO_SMALL",
  "DEVICE_ERROR",
  "FUNCTION_FAILED",
  "GENERAL_ERROR",
  VENDORS_OWN,
];

interface Decryption {
  readonly name: string;
  /** Makes a key and a ciphertext; to be decrypted time and again. */
  readonly prepare: (provider: TestProvider) => Promise<() => Promise<unknown>>;
}

const RSA = { kind: "rsa_pkcs1v15_crypt" } as const;
const CBC = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
const NO_SALT = new Uint8Array();
const PLAINTEXT = new Uint8Array(20).fill(5);

const DECRYPTIONS: readonly Decryption[] = [
  {
    name: "RSA PKCS#1 v1.5",
    async prepare(provider) {
      const options = { algorithm: RSA, usage: ["encrypt", "decrypt"] } as const;
      const key = await generatedKey(provider, { kind: "rsa_key_pair" }, 2048, options);
      const { PsaAsymmetricEncrypt, PsaAsymmetricDecrypt } = provider.primitives;
      const operation = { keyName: "key", alg: RSA, salt: NO_SALT };
      const { ciphertext } = await PsaAsymmetricEncrypt(key, {
        ...operation,
        plaintext: PLAINTEXT,
      });
      return async () => await PsaAsymmetricDecrypt(key, { ...operation, ciphertext });
    },
  },
  {
    name: "AES-CBC with PKCS#7",
    async prepare(provider) {
      const options = { algorithm: CBC, usage: ["encrypt", "decrypt"] } as const;
      const key = await generatedKey(provider, { kind: "aes" }, 256, options);
      const { PsaCipherEncrypt, PsaCipherDecrypt } = provider.primitives;
      const operation = { keyName: "key", alg: CBC };
      const { ciphertext } = await PsaCipherEncrypt(key, { ...operation, plaintext: PLAINTEXT });
      return async () => await PsaCipherDecrypt(key, { ...operation, ciphertext });
    },
  },
];

Deno.test("whatever a module says of a wrong padding, the answer and the way to it are the same", async (t) => {
  await using bench = await ShimBench.create();
  const { shim } = bench;

  await using provider = await bench.open({ sessions: 1 });
  for (const { name, prepare } of DECRYPTIONS) {
    const decrypt = await prepare(provider);
    await decrypt();
    let usual: readonly string[] | undefined;
    for (const said of SAID) {
      await t.step(`${name}: ${said}`, async () => {
        shim.behave();
        shim.fail("C_Decrypt", said);
        await refused(ResponseStatus.PsaErrorInvalidPadding, decrypt);
        const { calls } = shim;
        usual ??= calls;
        assert.deepEqual(calls, usual);
        shim.behave();
        await decrypt();
      });
    }
  }
});

Deno.test("a token that is away is no wrong padding", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  const [rsa] = DECRYPTIONS;
  const decrypt = await rsa!.prepare(provider);
  shim.remove();
  shim.fail("C_DecryptInit", "DEVICE_ERROR");
  await refused(ResponseStatus.PsaErrorHardwareFailure, decrypt);
});

Deno.test("a vendor's own return value is looked into: behind it the token may be gone", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  const key = await signingKey(provider);
  shim.fail("C_SignInit", VENDORS_OWN);
  shim.fail("C_OpenSession", VENDORS_OWN);
  await refused(ResponseStatus.PsaErrorCommunicationFailure, () => sign(provider, key));
  await until(() => provider.state.kind === "recovering", "the provider says so");
  shim.behave();
  await until(() => provider.state.kind === "ready", "the token is back");
  await sign(provider, key);
});
