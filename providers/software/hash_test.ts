import assert from "node:assert/strict";
import { createHash, getHashes } from "node:crypto";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Hash, hashLength, hashName } from "../../src/psa/hash.ts";
import { ResponseStatus } from "../../src/status.ts";
import {
  HAS_LEGACY_PROVIDER,
  openTestProvider,
  refused,
} from "../../tests/fakes/software_provider.ts";

const text = (value: string) => new TextEncoder().encode(value);

/** Hashes of "abc": RFC 1320, RFC 1321, ISO 10118-3, FIPS 180-4 and FIPS 202 examples. */
const KNOWN: readonly (readonly [Hash, string])[] = [
  ...(HAS_LEGACY_PROVIDER ? [[Hash.Md4, "a448017aaf21d8525fc10ae87aa6729d"] as const] : []),
  [Hash.Md5, "900150983cd24fb0d6963f7d28e17f72"],
  [Hash.Ripemd160, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"],
  [Hash.Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"],
  [Hash.Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"],
  [Hash.Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    Hash.Sha384,
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed" +
    "8086072ba1e7cc2358baeca134c825a7",
  ],
  [
    Hash.Sha512,
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  ],
  [Hash.Sha512_224, "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"],
  [Hash.Sha512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"],
  [Hash.Sha3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"],
  [Hash.Sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"],
  [
    Hash.Sha3_384,
    "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2" +
    "98d88cea927ac7f539f1edf228376d25",
  ],
  [
    Hash.Sha3_512,
    "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e" +
    "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
  ],
];

Deno.test("PsaHashCompute gives the known hashes of abc", async (t) => {
  await using provider = openTestProvider();
  for (const [alg, expected] of KNOWN) {
    await t.step(hashName(alg), async () => {
      const { hash } = await provider.primitives.PsaHashCompute({ alg, input: text("abc") });
      assert.equal(hash.toHex(), expected);
      assert.equal(hash.length, hashLength(alg));
    });
  }
});

Deno.test("PsaHashCompute agrees with another library at sizes around a block", async (t) => {
  await using provider = openTestProvider();
  const other = (alg: Hash) =>
    hashName(alg).replace("SHA-", "sha").replaceAll(/[/]/g, "-").toLowerCase();
  const shared = KNOWN.filter(([alg]) => getHashes().includes(other(alg)));
  assert.ok(shared.length >= 8, "too few hashes to compare");
  for (const [alg] of shared) {
    await t.step(hashName(alg), async () => {
      for (const length of [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 100_000]) {
        const input = new Uint8Array(length).fill(0x5a);
        const { hash } = await provider.primitives.PsaHashCompute({ alg, input });
        assert.equal(hash.toHex(), createHash(other(alg)).update(input).digest("hex"), `${length}`);
      }
    });
  }
});

Deno.test("PsaHashCompute refuses the hashes that libcrypto lacks", async (t) => {
  await using provider = openTestProvider();
  for (const alg of HAS_LEGACY_PROVIDER ? [Hash.Md2] : [Hash.Md2, Hash.Md4]) {
    await t.step(hashName(alg), async () => {
      const input = text("abc");
      await refused(
        ResponseStatus.PsaErrorNotSupported,
        () => provider.primitives.PsaHashCompute({ alg, input }),
      );
      await refused(
        ResponseStatus.PsaErrorNotSupported,
        () => provider.primitives.PsaHashCompare({ alg, input, hash: new Uint8Array(16) }),
      );
    });
  }
});

Deno.test("PsaHashCompare says whether the hash is the input's", async (t) => {
  await using provider = openTestProvider();
  const input = text("abc");
  const right = Uint8Array.fromHex(KNOWN.find(([alg]) => alg === Hash.Sha256)?.[1] ?? "");
  const compare = (hash: Uint8Array) =>
    provider.primitives.PsaHashCompare({ alg: Hash.Sha256, input, hash });
  await t.step("the same", async () => assert.deepEqual(await compare(right), {}));
  const wrong: readonly (readonly [string, Uint8Array])[] = [
    ["first bit off", right.with(0, (right[0] ?? 0) ^ 1)],
    ["last bit off", right.with(31, (right[31] ?? 0) ^ 0x80)],
    ["a byte short", right.subarray(0, 31)],
    ["a byte long", Uint8Array.of(...right, 0)],
    ["empty", new Uint8Array()],
  ];
  for (const [name, hash] of wrong) {
    await t.step(name, () => refused(ResponseStatus.PsaErrorInvalidSignature, () => compare(hash)));
  }
});

Deno.test("the hash suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
