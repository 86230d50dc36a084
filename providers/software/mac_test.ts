import assert from "node:assert/strict";
import { createHmac, getHashes } from "node:crypto";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import type { Mac } from "../../src/psa/algorithm.ts";
import { Hash, hashLength, hashName } from "../../src/psa/hash.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { OpensslCommand } from "../../tests/fakes/openssl_command.ts";
import {
  generatedKey,
  HAS_LEGACY_PROVIDER,
  importedKey,
  openTestProvider,
  refused,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { BLOCK_MAC_ROWS, HASH_ROWS } from "./algorithms.ts";

const { PsaErrorInvalidArgument, PsaErrorInvalidSignature, PsaErrorNotSupported } = ResponseStatus;
const HMAC_KEY: KeyType = { kind: "hmac" };
const HMAC: Mac = { kind: "hmac", hash: Hash.Sha256 };
const CMAC: Mac = { kind: "cmac" };
const CBC_MAC: Mac = { kind: "cbc_mac" };
const text = (value: string) => new TextEncoder().encode(value);
const hex = (value: string) => Uint8Array.fromHex(value);
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i * 3 + 1);

async function compute(
  { primitives }: TestProvider,
  key: Key,
  alg: Mac,
  input: Uint8Array,
): Promise<Uint8Array> {
  return (await primitives.PsaMacCompute(key, { keyName: "key", alg, input })).mac;
}

async function verify(
  { primitives }: TestProvider,
  key: Key,
  alg: Mac,
  input: Uint8Array,
  mac: Uint8Array,
): Promise<void> {
  assert.deepEqual(await primitives.PsaMacVerify(key, { keyName: "key", alg, input, mac }), {});
}

interface Known {
  readonly name: string;
  readonly type: KeyType;
  readonly key: Uint8Array;
  readonly alg: Mac;
  readonly input: Uint8Array;
  readonly mac: string;
}

const RFC4493_KEY = hex("2b7e151628aed2a6abf7158809cf4f3c");
const KNOWN: readonly Known[] = [
  {
    name: "RFC 4231, 4.2",
    type: HMAC_KEY,
    key: new Uint8Array(20).fill(0x0b),
    alg: HMAC,
    input: text("Hi There"),
    mac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  },
  {
    name: "RFC 4231, 4.3",
    type: HMAC_KEY,
    key: text("Jefe"),
    alg: HMAC,
    input: text("what do ya want for nothing?"),
    mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
  {
    name: "RFC 4231, 4.6, truncated",
    type: HMAC_KEY,
    key: new Uint8Array(20).fill(0x0c),
    alg: { ...HMAC, macLength: 16 },
    input: text("Test With Truncation"),
    mac: "a3b6167473100ee06e0c796c2955552b",
  },
  {
    name: "RFC 4493, example 1",
    type: { kind: "aes" },
    key: RFC4493_KEY,
    alg: CMAC,
    input: new Uint8Array(),
    mac: "bb1d6929e95937287fa37d129b756746",
  },
  {
    name: "RFC 4493, example 2",
    type: { kind: "aes" },
    key: RFC4493_KEY,
    alg: CMAC,
    input: hex("6bc1bee22e409f96e93d7e117393172a"),
    mac: "070a16b46b4d4144f79bdd9dd04a287c",
  },
];

Deno.test("known MACs are made and verified", async (t) => {
  await using provider = openTestProvider();
  for (const { name, type, key: data, alg, input, mac } of KNOWN) {
    await t.step(name, async () => {
      const key = await importedKey(provider, type, 0, data);
      assert.equal((await compute(provider, key, alg, input)).toHex(), mac);
      await verify(provider, key, alg, input, hex(mac));
    });
  }
});

Deno.test("HMAC agrees with another library, with each hash and keys of all lengths", async (t) => {
  await using provider = openTestProvider();
  const other = (hash: Hash) =>
    hashName(hash).replace("SHA-", "sha").replaceAll("/", "-").toLowerCase();
  const shared = HASH_ROWS.map(({ hash }) => hash).filter((hash) =>
    getHashes().includes(other(hash)) && hash !== Hash.Md4
  );
  assert.ok(shared.length >= 8, "too few hashes to compare");
  for (const hash of shared) {
    await t.step(hashName(hash), async () => {
      for (const length of [1, 63, 64, 65, 128, 129, 200]) {
        const key = await importedKey(provider, HMAC_KEY, 0, bytes(length));
        const ours = await compute(provider, key, { kind: "hmac", hash }, bytes(100));
        const theirs = createHmac(other(hash), bytes(length)).update(bytes(100)).digest("hex");
        assert.equal(ours.toHex(), theirs, `${length}`);
        assert.equal(ours.length, hashLength(hash));
      }
    });
  }
});

/** All rows, but for DES with one key where there is no legacy provider. */
function servedBlockMacs({ registry }: TestProvider, alg: Mac): typeof BLOCK_MAC_ROWS {
  const rows = BLOCK_MAC_ROWS.filter(({ type, bits }) =>
    registry.supportsAlgorithm(alg, { kind: type }, bits)
  );
  assert.equal(rows.length, BLOCK_MAC_ROWS.length - (HAS_LEGACY_PROVIDER ? 0 : 1));
  return rows;
}

Deno.test("CMAC agrees with the openssl command, with each cipher", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  openssl.write("in", bytes(100));
  const rows = servedBlockMacs(provider, CMAC);
  for (const { type, bits, cipher, length } of rows) {
    await t.step(cipher, async () => {
      const key = await generatedKey(provider, { kind: type }, bits);
      const data = (await provider.keys.exportKey(key)).toHex();
      const theirs = openssl.must(
        ..."mac -provider legacy -provider default -in in -cipher".split(" "),
        ...[cipher, "-macopt", `hexkey:${data}`, "CMAC"],
      );
      const ours = await compute(provider, key, CMAC, bytes(100));
      assert.equal(ours.toHex(), theirs.trim().toLowerCase());
      assert.equal(ours.length, length);
    });
  }
});

Deno.test("CBC-MAC is the last block of CBC under an IV of zeros, with each cipher", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const rows = servedBlockMacs(provider, CBC_MAC);
  for (const { type, bits, cipher, length } of rows) {
    await t.step(cipher, async () => {
      const key = await generatedKey(provider, { kind: type }, bits);
      const data = (await provider.keys.exportKey(key)).toHex();
      for (const size of [16, 48, 70_000 * length]) {
        openssl.write("blocks", bytes(size));
        openssl.must(
          ..."enc -e -provider legacy -provider default -nopad -in blocks -out cbc".split(" "),
          ...[`-${cipher}`, "-K", data, "-iv", "00".repeat(length)],
        );
        const mac = await compute(provider, key, CBC_MAC, bytes(size));
        assert.deepEqual(mac, openssl.read("cbc").slice(-length));
        await verify(provider, key, CBC_MAC, bytes(size), mac);
      }
      for (const size of [0, 1, length - 1, length + 1]) {
        await refused(
          PsaErrorInvalidArgument,
          () => compute(provider, key, CBC_MAC, bytes(size)),
        );
      }
    });
  }
});

Deno.test("truncated MACs are the first bytes of the whole", async (t) => {
  await using provider = openTestProvider();
  const hmac = await generatedKey(provider, HMAC_KEY, 256);
  const aes = await generatedKey(provider, { kind: "aes" }, 128);
  for (
    const [name, key, alg, whole] of [
      ["HMAC", hmac, HMAC, 32],
      ["CMAC", aes, CMAC, 16],
      ["CBC-MAC", aes, CBC_MAC, 16],
    ] as const
  ) {
    await t.step(name, async () => {
      const { type, bits } = key.attributes;
      const mac = await compute(provider, key, alg, bytes(16));
      for (const macLength of [4, 10, whole]) {
        const shorter = { ...alg, macLength };
        assert.ok(provider.registry.supportsAlgorithm(shorter, type, bits));
        const found = await compute(provider, key, shorter, bytes(16));
        assert.deepEqual(found, mac.slice(0, macLength));
        await verify(provider, key, shorter, bytes(16), found);
        await refused(
          PsaErrorInvalidSignature,
          () =>
            verify(
              provider,
              key,
              { ...alg, macLength: macLength === 4 ? 5 : 4 },
              bytes(16),
              found,
            ),
        );
      }
      for (
        const [macLength, status] of [
          [0, PsaErrorNotSupported],
          [3, PsaErrorNotSupported],
          [whole + 1, PsaErrorInvalidArgument],
        ] as const
      ) {
        const wrong = { ...alg, macLength };
        assert.equal(provider.registry.supportsAlgorithm(wrong, type, bits), false);
        await refused(status, () => compute(provider, key, wrong, bytes(16)));
        await refused(status, () => verify(provider, key, wrong, bytes(16), mac));
      }
    });
  }
});

Deno.test("PsaMacVerify refuses every other MAC alike", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, HMAC_KEY, 256);
  const right = await compute(provider, key, HMAC, text("data"));
  const rows: readonly (readonly [string, Uint8Array])[] = [
    ["first bit", right.with(0, (right[0] ?? 0) ^ 0x80)],
    ["last bit", right.with(31, (right[31] ?? 0) ^ 1)],
    ["a byte short", right.subarray(0, 31)],
    ["a byte long", Uint8Array.of(...right, 0)],
    ["empty", new Uint8Array()],
  ];
  for (const [name, mac] of rows) {
    await t.step(
      name,
      () => refused(PsaErrorInvalidSignature, () => verify(provider, key, HMAC, text("data"), mac)),
    );
  }
  await t.step(
    "other data",
    () => refused(PsaErrorInvalidSignature, () => verify(provider, key, HMAC, text("date"), right)),
  );
});

Deno.test("MACs that are not served are not supported", async (t) => {
  await using provider = openTestProvider();
  const hmac = await generatedKey(provider, HMAC_KEY, 256);
  const aes = await generatedKey(provider, { kind: "aes" }, 128);
  const rows: readonly (readonly [string, Key, Mac])[] = [
    ["CBC-MAC with an HMAC key", hmac, CBC_MAC],
    ["HMAC with an AES key", aes, HMAC],
    ["CMAC with an HMAC key", hmac, CMAC],
    ["HMAC of a hash that libcrypto lacks", hmac, { kind: "hmac", hash: Hash.Md2 }],
  ];
  for (const [name, key, alg] of rows) {
    await t.step(name, async () => {
      const { type, bits } = key.attributes;
      assert.equal(provider.registry.supportsAlgorithm(alg, type, bits), false);
      await refused(PsaErrorNotSupported, () => compute(provider, key, alg, text("data")));
    });
  }
});

Deno.test("the MAC suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
