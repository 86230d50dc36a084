import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import {
  AeadMode,
  Agreement,
  type Algorithm,
  algorithmName,
  CipherMode,
  signatureHash,
} from "../../src/psa/algorithm.ts";
import { Hash, hashLength } from "../../src/psa/hash.ts";
import { DhFamily, EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus, StatusError, statusName } from "../../src/status.ts";
import {
  generatedKey,
  HAS_LEGACY_PROVIDER,
  openTestProvider,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";

const ecc = (family: EccFamily): KeyType => ({ kind: "ecc_key_pair", family });

/** A key of every sort, quick to make. */
const KEYS: readonly (readonly [KeyType, number])[] = [
  [{ kind: "raw_data" }, 128],
  [{ kind: "hmac" }, 256],
  [{ kind: "derive" }, 256],
  [{ kind: "aes" }, 128],
  [{ kind: "aes" }, 192],
  [{ kind: "aes" }, 256],
  [{ kind: "aes" }, 512],
  [{ kind: "camellia" }, 256],
  [{ kind: "chacha20" }, 256],
  ...(HAS_LEGACY_PROVIDER ? [[{ kind: "des" }, 64] as const, [{ kind: "arc4" }, 40] as const] : []),
  [{ kind: "des" }, 128],
  [{ kind: "des" }, 192],
  [{ kind: "rsa_key_pair" }, 1024],
  [ecc(EccFamily.SecpR1), 256],
  [ecc(EccFamily.SecpR1), 521],
  [ecc(EccFamily.SecpK1), 256],
  [ecc(EccFamily.BrainpoolPR1), 256],
  [ecc(EccFamily.SectR1), 163],
  [ecc(EccFamily.Montgomery), 255],
  [ecc(EccFamily.Montgomery), 448],
  [{ kind: "dh_key_pair", family: DhFamily.Rfc7919 }, 2048],
];

const HASHES = Object.values(Hash);
const ALGORITHMS: readonly Algorithm[] = [
  ...HASHES.flatMap((hash): readonly Algorithm[] => [
    { kind: "rsa_pkcs1v15_sign", hash },
    { kind: "rsa_pss", hash },
    { kind: "rsa_oaep", hash },
    { kind: "ecdsa", hash },
    { kind: "deterministic_ecdsa", hash },
    { kind: "hmac", hash },
    { kind: "hmac", hash, macLength: 16 },
    { kind: "hmac", hash, macLength: 33 },
  ]),
  { kind: "rsa_pkcs1v15_sign_raw" },
  { kind: "rsa_pkcs1v15_crypt" },
  { kind: "ecdsa_any" },
  { kind: "cmac" },
  { kind: "cmac", macLength: 8 },
  { kind: "cmac", macLength: 12 },
  { kind: "cmac", macLength: 3 },
  { kind: "cbc_mac" },
  { kind: "cbc_mac", macLength: 8 },
  ...Object.values(CipherMode).map((mode): Algorithm => ({ kind: "cipher", mode })),
  ...Object.values(AeadMode).flatMap((mode): readonly Algorithm[] => [
    { kind: "aead", mode },
    ...[4, 6, 8, 13, 16, 17].map((tagLength): Algorithm => ({ kind: "aead", mode, tagLength })),
  ]),
  { kind: "raw_key_agreement", agreement: Agreement.Ecdh },
  { kind: "raw_key_agreement", agreement: Agreement.Ffdh },
];

const bytes = (length: number) => new Uint8Array(length).map((_, i) => i + 1);

/** Uses a key with an algorithm, in the operation that is the hardest to serve. */
async function use({ primitives, keys }: TestProvider, key: Key, alg: Algorithm): Promise<unknown> {
  const keyName = "key";
  switch (alg.kind) {
    case "rsa_pkcs1v15_sign":
    case "rsa_pkcs1v15_sign_raw":
    case "rsa_pss":
    case "ecdsa":
    case "ecdsa_any":
    case "deterministic_ecdsa": {
      const hash = signatureHash(alg);
      const length = hash === undefined || hash === "any" ? 32 : hashLength(hash);
      return await primitives.PsaSignHash(key, { keyName, alg, hash: bytes(length) });
    }
    case "rsa_pkcs1v15_crypt":
    case "rsa_oaep": {
      const operation = { keyName, alg, plaintext: bytes(1), salt: bytes(0) };
      return await primitives.PsaAsymmetricEncrypt(key, operation);
    }
    case "hmac":
    case "cmac":
    case "cbc_mac":
      return await primitives.PsaMacCompute(key, { keyName, alg, input: bytes(16) });
    case "cipher":
      return await primitives.PsaCipherEncrypt(key, { keyName, alg, plaintext: bytes(16) });
    case "aead": {
      const parts = { nonce: bytes(12), additionalData: bytes(3), plaintext: bytes(5) };
      return await primitives.PsaAeadEncrypt(key, { keyName, alg, ...parts });
    }
    case "raw_key_agreement": {
      const isPair = key.attributes.type.kind.endsWith("_key_pair");
      const peerKey = isPair ? await keys.exportPublicKey(key) : bytes(32);
      return await primitives.PsaRawKeyAgreement(key, { alg, privateKeyName: keyName, peerKey });
    }
    default:
      throw new TypeError(`No operation for ${alg.kind}`);
  }
}

const REFUSALS: ReadonlySet<ResponseStatus> = new Set([
  ResponseStatus.PsaErrorNotSupported,
  ResponseStatus.PsaErrorInvalidArgument,
]);

async function isRefused(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    assert.ok(error instanceof StatusError, String(error));
    assert.ok(REFUSALS.has(error.status), `${statusName(error.status)}: ${error.message}`);
    return true;
  }
}

Deno.test("what the registry says of an algorithm is what the operations do", async (t) => {
  await using provider = openTestProvider();
  for (const [type, bits] of KEYS) {
    await t.step(`${JSON.stringify(type)}, ${bits} bits`, async () => {
      const key = await generatedKey(provider, type, bits);
      for (const algorithm of ALGORITHMS) {
        const says = provider.registry.supportsAlgorithm(algorithm, type, bits);
        const does = !await isRefused(use(provider, key, algorithm));
        assert.equal(does, says, `${algorithmName(algorithm)}: the registry says ${says}`);
      }
    });
  }
});

Deno.test("a policy's wildcard hash is supported where a hash is", async () => {
  await using provider = openTestProvider();
  const { registry } = provider;
  const rsa: KeyType = { kind: "rsa_key_pair" };
  assert.ok(registry.supportsAlgorithm({ kind: "rsa_pss", hash: "any" }, rsa, 2048));
  assert.ok(registry.supportsAlgorithm({ kind: "ecdsa", hash: "any" }, ecc(EccFamily.SecpR1), 256));
  assert.ok(!registry.supportsAlgorithm({ kind: "ecdsa", hash: "any" }, rsa, 2048));
});

Deno.test("the registry says no for sizes that a type does not have", async () => {
  await using provider = openTestProvider();
  const { registry } = provider;
  assert.ok(
    !registry.supportsAlgorithm({ kind: "rsa_pss", hash: "any" }, { kind: "rsa_key_pair" }, 0),
  );
  assert.ok(!registry.supportsAlgorithm({ kind: "ecdsa_any" }, ecc(EccFamily.SecpR1), 255));
  for (const bits of [320, 384]) {
    assert.equal(registry.keySupport({ kind: "aes" }, bits), undefined);
  }
});

Deno.test("public keys are imported, never generated", async () => {
  await using provider = openTestProvider();
  const types: readonly (readonly [KeyType, number])[] = [
    [{ kind: "rsa_public_key" }, 2048],
    [{ kind: "ecc_public_key", family: EccFamily.SecpR1 }, 256],
    [{ kind: "dh_public_key", family: DhFamily.Rfc7919 }, 2048],
  ];
  for (const [type, bits] of types) {
    const support = provider.registry.keySupport(type, bits);
    assert.equal(support?.generate, false);
    assert.equal(support?.import, true);
  }
});

Deno.test("the registry suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
