import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import type { Derivation, DerivationSecret } from "../../src/operations/convert/key_derivation.ts";
import { Agreement } from "../../src/psa/algorithm.ts";
import { Hash, hashLength, hashName } from "../../src/psa/hash.ts";
import { derivationAlgorithm, type DerivationInputs } from "../../src/psa/key_derivation.ts";
import { DhFamily, EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { keyPairMaterial } from "../../tests/fakes/key_material.ts";
import { REFERENCE_HASHES, referenceDerivation } from "../../tests/fakes/reference_kdf.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { MAX_PSK_LENGTH } from "./premaster_secret.ts";

const { PsaErrorInvalidArgument, PsaErrorNotSupported } = ResponseStatus;
const DERIVE: KeyType = { kind: "derive" };
const THE_KEY: DerivationSecret = { kind: "key", keyName: "key" };

const hex = (text: string) => Uint8Array.fromHex(text);
const text = (value: string) => new TextEncoder().encode(value);
const counting = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => first + i);

async function deriveBytes(
  { primitives }: TestProvider,
  key: Key,
  derivation: Derivation,
  outputLength: number,
): Promise<Uint8Array> {
  return (await primitives.PsaDeriveBytes(key, { derivation, outputLength })).output;
}

function hkdf(hash: Hash, salt: Uint8Array, info: Uint8Array): DerivationInputs {
  return { kind: "hkdf", hash, salt, info };
}

interface Vector {
  readonly name: string;
  readonly secret: Uint8Array;
  readonly inputs: DerivationInputs;
  readonly output: string;
}

const TEST_LABEL = text("test label");
const { Sha1, Sha256, Sha384, Sha512 } = Hash;
const NOTHING = new Uint8Array();

const VECTORS: readonly Vector[] = [
  {
    name: "RFC 5869, A.1",
    secret: new Uint8Array(22).fill(0x0b),
    inputs: hkdf(Sha256, counting(13), counting(10, 0xf0)),
    output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf" +
      "34007208d5b887185865",
  },
  {
    name: "RFC 5869, A.2",
    secret: counting(80),
    inputs: hkdf(Sha256, counting(80, 0x60), counting(80, 0xb0)),
    output: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c" +
      "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71" +
      "cc30c58179ec3e87c14c01d5c1f3434f1d87",
  },
  {
    name: "RFC 5869, A.3",
    secret: new Uint8Array(22).fill(0x0b),
    inputs: hkdf(Sha256, NOTHING, NOTHING),
    output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d" +
      "9d201395faa4b61a96c8",
  },
  {
    name: "RFC 5869, A.4",
    secret: new Uint8Array(11).fill(0x0b),
    inputs: hkdf(Sha1, counting(13), counting(10, 0xf0)),
    output: "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2" +
      "c22e422478d305f3f896",
  },
  {
    name: "RFC 5869, A.5",
    secret: counting(80),
    inputs: hkdf(Sha1, counting(80, 0x60), counting(80, 0xb0)),
    output: "0bd770a74d1160f7c9f12cd5912a06ebff6adcae899d92191fe4305673ba2ffe" +
      "8fa3f1a4e5ad79f3f334b3b202b2173c486ea37ce3d397ed034c7f9dfeb15c5e" +
      "927336d0441f4c4300e2cff0d0900b52d3b4",
  },
  {
    name: "RFC 5869, A.6",
    secret: new Uint8Array(22).fill(0x0b),
    inputs: hkdf(Sha1, NOTHING, NOTHING),
    output: "0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0" +
      "ea00033de03984d34918",
  },
  {
    name: "RFC 5869, A.7",
    secret: new Uint8Array(22).fill(0x0c),
    inputs: hkdf(Sha1, NOTHING, NOTHING),
    output: "2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5" +
      "673a081d70cce7acfc48",
  },
  {
    name: "P_SHA256 of the IETF's TLS mailing list, 2009",
    secret: hex("9bbe436ba940f017b17652849a71db35"),
    inputs: {
      kind: "tls12_prf",
      hash: Sha256,
      label: TEST_LABEL,
      seed: hex("a0ba9f936cda311827a6f796ffd5198c"),
    },
    output: "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a" +
      "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab" +
      "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701" +
      "87347b66",
  },
  {
    name: "P_SHA384 of the same list",
    secret: hex("b80b733d6ceefcdc71566ea48e5567df"),
    inputs: {
      kind: "tls12_prf",
      hash: Sha384,
      label: TEST_LABEL,
      seed: hex("cd665cf6a8447dd6ff8b27555edb7465"),
    },
    output: "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd" +
      "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd" +
      "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425" +
      "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6" +
      "91c8f3a26854308d5eaa3be85e0990703d73e56f",
  },
  {
    name: "P_SHA512 of the same list",
    secret: hex("b0323523c1853599584d88568bbb05eb"),
    inputs: {
      kind: "tls12_prf",
      hash: Sha512,
      label: TEST_LABEL,
      seed: hex("d4640e12e4bcdbfb437f03e6ae418ee5"),
    },
    output: "1261f588c798c5c201ff036e7a9cb5edcd7fe3f94c669a122a4638d7d508b283" +
      "042df6789875c7147e906d868bc75c45e20eb40c1cf4a1713b27371f68432592" +
      "f7dc8ea8ef223e12ea8507841311bf68653d0cfc4056d811f025c45ddfa6e6fe" +
      "c702f054b409d6f28dd0a3233e498da41a3e75c5630eedbe22fe254e33a1b0e9" +
      "f6b9826675bec7d01a845658dc9c397545401d40b9f46c7a400ee1b8f81ca0a6" +
      "0d1a397a1028bff5d2ef5066126842fb8da4197632bdb54ff6633f86bbc836e6" +
      "40d4d898",
  },
];

Deno.test("PsaDeriveBytes gives the known bytes", async (t) => {
  await using provider = openTestProvider();
  for (const { name, secret, inputs, output } of VECTORS) {
    await t.step(name, async () => {
      const key = await importedKey(provider, DERIVE, 0, secret);
      const derivation = { secret: THE_KEY, inputs };
      const found = await deriveBytes(provider, key, derivation, output.length / 2);
      assert.equal(found.toHex(), output);
      const start = await deriveBytes(provider, key, derivation, 7);
      assert.equal(start.toHex(), output.slice(0, 14));
    });
  }
});

/** The three functions with one hash, and inputs that look different for each. */
function inputsWith(hash: Hash): readonly DerivationInputs[] {
  const label = text("master secret");
  return [
    hkdf(hash, counting(20), counting(33, 7)),
    { kind: "tls12_prf", hash, label, seed: counting(64, 1) },
    { kind: "tls12_psk_to_ms", hash, label, seed: counting(64, 2) },
  ];
}

Deno.test("PsaDeriveBytes gives what another library's HMAC makes, with each hash", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, DERIVE, 256);
  const secret = await provider.keys.exportKey(key);
  const compared = REFERENCE_HASHES.filter((hash) =>
    provider.registry.supportsAlgorithm({ kind: "hkdf", hash }, DERIVE, 256)
  );
  assert.ok(compared.length >= 10);
  for (const hash of compared) {
    for (const inputs of inputsWith(hash)) {
      await t.step(`${inputs.kind} with ${hashName(hash)}`, async () => {
        const algorithm = derivationAlgorithm(inputs);
        assert.ok(provider.registry.supportsAlgorithm(algorithm, DERIVE, 256));
        for (const length of [1, hashLength(hash), 3 * hashLength(hash) + 1]) {
          const found = await deriveBytes(provider, key, { secret: THE_KEY, inputs }, length);
          assert.equal(found.toHex(), referenceDerivation(inputs, secret, length).toHex());
        }
      });
    }
  }
});

Deno.test("PsaDeriveBytes takes secrets and inputs of any size", async (t) => {
  await using provider = openTestProvider();
  const label = text("l");
  const rows: readonly (readonly [string, number, DerivationInputs])[] = [
    ["a secret of 1 byte", 1, hkdf(Sha256, NOTHING, NOTHING)],
    ["the longest secret", 8191, hkdf(Sha256, counting(1), NOTHING)],
    ["the longest info", 32, hkdf(Sha512, NOTHING, counting(1024))],
    ["the longest salt", 32, hkdf(Sha256, counting(65_536), NOTHING)],
    ["the longest secret of the PRF", 8191, {
      kind: "tls12_prf",
      hash: Sha256,
      label,
      seed: counting(1023),
    }],
    ["a PSK of 1 byte", 1, { kind: "tls12_psk_to_ms", hash: Sha384, label, seed: counting(1023) }],
    ["the longest PSK", MAX_PSK_LENGTH, {
      kind: "tls12_psk_to_ms",
      hash: Sha256,
      label: counting(1023, 1),
      seed: counting(1),
    }],
  ];
  for (const [name, bytes, inputs] of rows) {
    await t.step(name, async () => {
      const secret = counting(bytes, 3);
      const key = await importedKey(provider, DERIVE, 0, secret);
      const derivation = { secret: THE_KEY, inputs };
      for (const length of [48, 255 * hashLength(inputs.hash)]) {
        const found = await deriveBytes(provider, key, derivation, length);
        assert.equal(found.toHex(), referenceDerivation(inputs, secret, length).toHex());
      }
    });
  }
});

Deno.test("a PSK that is too long is not served, and the registry says so", async () => {
  await using provider = openTestProvider();
  const inputs = inputsWith(Sha256)[2]!;
  const bits = (MAX_PSK_LENGTH + 1) * 8;
  const key = await generatedKey(provider, DERIVE, bits);
  const derivation = { secret: THE_KEY, inputs };
  await refused(PsaErrorNotSupported, () => deriveBytes(provider, key, derivation, 48));
  const { registry } = provider;
  assert.ok(!registry.supportsAlgorithm(derivationAlgorithm(inputs), DERIVE, bits));
  assert.ok(registry.supportsAlgorithm(derivationAlgorithm(inputs), DERIVE, bits - 8));
});

function agreementWith(peerKey: Uint8Array, agreement: Agreement): DerivationSecret {
  return { kind: "agreement", agreement, privateKeyName: "key", peerKey };
}

const pairOf = (family: EccFamily): KeyType => ({ kind: "ecc_key_pair", family });
const DH: KeyType = { kind: "dh_key_pair", family: DhFamily.Rfc7919 };
const { Ecdh, Ffdh } = Agreement;

interface Chained {
  readonly name: string;
  readonly type: KeyType;
  readonly bits: number;
  readonly agreement: Agreement;
}

/** One whose agreement is done at once, and slow ones. */
const CHAINED: readonly Chained[] = [
  { name: "P-256", type: pairOf(EccFamily.SecpR1), bits: 256, agreement: Ecdh },
  { name: "P-521", type: pairOf(EccFamily.SecpR1), bits: 521, agreement: Ecdh },
  { name: "sect233k1", type: pairOf(EccFamily.SectK1), bits: 233, agreement: Ecdh },
  { name: "X25519", type: pairOf(EccFamily.Montgomery), bits: 255, agreement: Ecdh },
  { name: "X448", type: pairOf(EccFamily.Montgomery), bits: 448, agreement: Ecdh },
  { name: "ffdhe2048", type: DH, bits: 2048, agreement: Ffdh },
];

Deno.test("PsaDeriveBytes goes on from an agreed secret", async (t) => {
  await using provider = openTestProvider();
  for (const { name, type, bits, agreement } of CHAINED) {
    await t.step(name, async () => {
      const key = await generatedKey(provider, type, bits);
      const peer = await generatedKey(provider, type, bits);
      const peerKey = await provider.keys.exportPublicKey(peer);
      const { sharedSecret } = await provider.primitives.PsaRawKeyAgreement(peer, {
        alg: { kind: "raw_key_agreement", agreement },
        privateKeyName: "key",
        peerKey: await provider.keys.exportPublicKey(key),
      });
      for (const inputs of inputsWith(Sha256)) {
        const derivation = { secret: agreementWith(peerKey, agreement), inputs };
        const found = await deriveBytes(provider, key, derivation, 100);
        const wanted = referenceDerivation(inputs, sharedSecret, 100);
        assert.equal(found.toHex(), wanted.toHex());
        assert.ok(provider.registry.supportsAlgorithm(
          {
            kind: "key_agreement_with_derivation",
            agreement,
            derivation: derivationAlgorithm(inputs),
          },
          type,
          bits,
        ));
      }
    });
  }
});

Deno.test("PsaDeriveBytes refuses peers and agreements that are not the key's", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(EccFamily.SecpR1), 256);
  const x25519 = await generatedKey(provider, pairOf(EccFamily.Montgomery), 255);
  const { publicKey } = keyPairMaterial("p256b");
  const inputs = hkdf(Sha256, NOTHING, NOTHING);
  const rows: readonly (readonly [string, Key, DerivationSecret, ResponseStatus])[] = [
    [
      "not on the curve",
      key,
      agreementWith(publicKey.with(64, publicKey[64]! ^ 1), Ecdh),
      PsaErrorInvalidArgument,
    ],
    [
      "another curve",
      key,
      agreementWith(keyPairMaterial("p384").publicKey, Ecdh),
      PsaErrorInvalidArgument,
    ],
    ["no secret", x25519, agreementWith(new Uint8Array(32), Ecdh), PsaErrorInvalidArgument],
    ["another agreement", key, agreementWith(publicKey, Ffdh), PsaErrorNotSupported],
  ];
  for (const [name, own, secret, status] of rows) {
    await t.step(name, async () => {
      await refused(status, () => deriveBytes(provider, own, { secret, inputs }, 16));
    });
  }
});

Deno.test("PsaDeriveBytes refuses a hash that libcrypto lacks", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, DERIVE, 256);
  for (const inputs of inputsWith(Hash.Md2)) {
    const derivation = { secret: THE_KEY, inputs };
    await refused(PsaErrorNotSupported, () => deriveBytes(provider, key, derivation, 16));
    const algorithm = derivationAlgorithm(inputs);
    assert.ok(!provider.registry.supportsAlgorithm(algorithm, DERIVE, 256));
  }
});

Deno.test("the key derivation suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
