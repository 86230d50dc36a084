/** Tokens that take less than others: keys get onto them nevertheless. The shim makes SoftHSM one of them. */
import assert from "node:assert/strict";
import { generateKeyPairSync, verify } from "node:crypto";
import {
  CKA,
  type CKR,
  findObjects,
  type FunctionName,
  loadModule,
  readAttributes,
} from "../../ffi/pkcs11/mod.ts";
import { Agreement, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import {
  generatedKey,
  importedKey,
  type KeyOptions,
  refused,
  type TestProvider,
  unmadeKey,
} from "./provider.ts";
import { openPkcs11Provider, parsePin } from "../../providers/pkcs11/mod.ts";
import { silentLogger } from "../fakes/silent_logger.ts";
import { NSS_MODULE, NSS_PIN, NSS_TOKEN_LABEL, NssDatabase } from "./nss.ts";
import { ECDSA, P256, ShimBench, sign } from "./shim/bench.ts";
import { Shim } from "./shim/shim.ts";

const CTR = { kind: "cipher", mode: CipherMode.Ctr } as const;
const RSA_SIGN = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
const AES = { kind: "aes" } as const;
const SCALAR = new Uint8Array(32).fill(3);

interface Making {
  readonly name: string;
  readonly type: KeyType;
  readonly options: KeyOptions;
  readonly maker: FunctionName;
  readonly make: (provider: TestProvider, type: KeyType, options: KeyOptions) => Promise<Key>;
}

const EC_OPTIONS: KeyOptions = { algorithm: ECDSA, usage: ["signHash", "verifyHash"] };
const AES_OPTIONS: KeyOptions = { algorithm: CTR, usage: ["encrypt", "decrypt"] };

const MAKINGS: readonly Making[] = [
  {
    name: "a pair is generated",
    type: P256,
    options: EC_OPTIONS,
    maker: "C_GenerateKeyPair",
    make: (provider, type, options) => generatedKey(provider, type, 256, options),
  },
  {
    name: "a pair is imported",
    type: P256,
    options: EC_OPTIONS,
    maker: "C_CreateObject",
    make: (provider, type, options) => importedKey(provider, type, 256, SCALAR, options),
  },
  {
    name: "a secret is generated",
    type: AES,
    options: AES_OPTIONS,
    maker: "C_GenerateKey",
    make: (provider, type, options) => generatedKey(provider, type, 256, options),
  },
  {
    name: "a secret is imported",
    type: AES,
    options: AES_OPTIONS,
    maker: "C_CreateObject",
    make: (provider, type, options) => importedKey(provider, type, 256, SCALAR, options),
  },
];

const REFUSALS = ["ATTRIBUTE_TYPE_INVALID", "TEMPLATE_INCONSISTENT"] as const satisfies readonly (
  keyof typeof CKR
)[];

/** CKA_ALLOWED_MECHANISMS of the private or secret objects of a key; `undefined` where the token has none. */
async function restrictionOf(bench: ShimBench, key: Key): Promise<string | undefined> {
  await using session = await loadModule(bench.shim.path).openSession(bench.token.slot);
  const template = [{ type: CKA.ID, value: key.id.toReversed() }, {
    type: CKA.PRIVATE,
    value: true,
  }];
  const [object] = await findObjects(session, template, 1);
  assert.ok(object);
  const type = CKA.ALLOWED_MECHANISMS;
  return (await readAttributes(session, object, [type])).get(type)?.toHex();
}

Deno.test("a token that does not know CKA_ALLOWED_MECHANISMS gets keys without", async (t) => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open();
  for (const { name, type, options, maker, make } of MAKINGS) {
    for (const refusal of REFUSALS) {
      await t.step(`${name}, ${refusal}`, async () => {
        shim.behave();
        shim.fail(maker, refusal, 1);
        const key = await make(provider, type, options);
        assert.equal(await restrictionOf(bench, key), "", "SoftHSM has an empty one");
        shim.behave();
        const restricted = await make(provider, type, options);
        assert.notEqual(await restrictionOf(bench, restricted), "", "the next is asked for anew");
        for (const each of [key, restricted]) await provider.keys.destroyKey(each);
      });
    }
  }
  await t.step("what it refuses for another reason is tried twice, and not made", async () => {
    shim.behave();
    shim.fail("C_GenerateKeyPair", "TEMPLATE_INCONSISTENT");
    const key = unmadeKey(provider, P256, 256, EC_OPTIONS);
    await refused(ResponseStatus.PsaErrorNotSupported, () => provider.keys.generateKey(key));
    assert.equal(shim.callsOf("C_GenerateKeyPair"), 2);
  });
});

Deno.test("a token that does not want keys bare gets them wrapped", async (t) => {
  await using shim = await Shim.build(NSS_MODULE); // SoftHSM wraps and unwraps under no key that it can make
  await using database = await NssDatabase.create();
  await using provider = await openPkcs11Provider({
    name: "pkcs11",
    libraryPath: shim.path,
    initialise: { reserved: database.parameters },
    token: { uri: { token: NSS_TOKEN_LABEL } },
    pin: () => parsePin(NSS_PIN),
    softwarePublicOperations: false,
    allowExport: true,
    log: silentLogger,
  }) as TestProvider; // these tests ask for what NSS has
  await t.step("a private key, which signs", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const data = new Uint8Array(privateKey.export({ type: "pkcs1", format: "der" }));
    shim.fail("C_CreateObject", "ACTION_PROHIBITED", 1);
    const key = await importedKey(provider, { kind: "rsa_key_pair" }, 2048, data, {
      algorithm: RSA_SIGN,
      usage: ["signMessage", "signHash"],
    });
    assert.equal(shim.callsOf("C_DestroyObject"), 1, "of the wrapping key");
    const operation = { keyName: "key", alg: RSA_SIGN, message: SCALAR };
    const { signature } = await provider.primitives.PsaSignMessage(key, operation);
    assert.ok(verify("sha256", SCALAR, publicKey, signature));
  });
  await t.step("a secret, which decrypts what a bare one has encrypted", async () => {
    shim.behave();
    const bare = await importedKey(provider, AES, 256, SCALAR, AES_OPTIONS);
    shim.fail("C_CreateObject", "ACTION_PROHIBITED", 1);
    const wrapped = await importedKey(provider, AES, 256, SCALAR, AES_OPTIONS);
    assert.equal(shim.callsOf("C_DestroyObject"), 1, "of the wrapping key");
    const { PsaCipherEncrypt, PsaCipherDecrypt } = provider.primitives;
    const operation = { keyName: "key", alg: CTR };
    const { ciphertext } = await PsaCipherEncrypt(bare, { ...operation, plaintext: SCALAR });
    const { plaintext } = await PsaCipherDecrypt(wrapped, { ...operation, ciphertext });
    assert.deepEqual(plaintext, SCALAR);
  });
});

Deno.test("a token that can't be written is read", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  let key: Key;
  {
    await using provider = await bench.open();
    key = await generatedKey(provider, P256, 256, EC_OPTIONS);
  }
  shim.fail("C_OpenSession", "TOKEN_WRITE_PROTECTED", 1);
  await using provider = await bench.open({ sessions: 1 });
  await sign(provider, key);
  const another = unmadeKey(provider, P256, 256, EC_OPTIONS);
  await refused(ResponseStatus.PsaErrorNotPermitted, () => provider.keys.generateKey(another));
});

Deno.test("a mechanism of which a token won't tell is one that it lacks", async () => {
  await using bench = await ShimBench.create();
  bench.shim.fail("C_GetMechanismInfo", "FUNCTION_FAILED", 1);
  await using provider = await bench.open();
  await sign(provider, await generatedKey(provider, P256, 256, EC_OPTIONS));
});

Deno.test("a shared secret leaves the token with its session, if it won't be destroyed", async () => {
  await using bench = await ShimBench.create();
  const { shim } = bench;
  await using provider = await bench.open({ sessions: 1 });
  const alg = { kind: "raw_key_agreement", agreement: Agreement.Ecdh } as const;
  const options: KeyOptions = { algorithm: alg, usage: ["derive"] };
  const key = await generatedKey(provider, P256, 256, options);
  const peerKey = await provider.keys.exportPublicKey(key);
  const { PsaRawKeyAgreement } = provider.primitives;
  const agree =
    async () => (await PsaRawKeyAgreement(key, { alg, privateKeyName: "key", peerKey }));
  const { sharedSecret } = await agree();
  shim.behave();
  shim.fail("C_DestroyObject", "FUNCTION_FAILED", 1);
  assert.deepEqual((await agree()).sharedSecret, sharedSecret);
  assert.equal(shim.callsOf("C_CloseSession"), 1);
});
