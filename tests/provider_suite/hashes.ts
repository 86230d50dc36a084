/** PsaHashCompute and PsaHashCompare: published answers, every length around the blocks, wrong hashes. */
import assert from "node:assert/strict";
import { HASHES } from "../fakes/operation_samples.ts";
import { Hash, hashLength, hashName } from "../../src/psa/hash.ts";
import { ResponseStatus } from "../../src/status.ts";
import { pattern } from "./material.ts";
import { bitFlips, otherLengths } from "./mutations.ts";
import { type Stage, type Suite, suiteTest } from "./suite.ts";

const { PsaErrorInvalidArgument, PsaErrorInvalidSignature, PsaErrorNotSupported } = ResponseStatus;

/** Of "abc": RFC 1319, 1320, 1321; RIPEMD-160's page; FIPS 180-4 and 202, "Examples". */
const OF_ABC: { readonly [N in keyof typeof Hash]: string } = {
  Md2: "da853b0d3f88d99b30283a69e6ded6bb",
  Md4: "a448017aaf21d8525fc10ae87aa6729d",
  Md5: "900150983cd24fb0d6963f7d28e17f72",
  Ripemd160: "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
  Sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
  Sha224: "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
  Sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  Sha384: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163" +
    "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  Sha512: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  Sha512_224: "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
  Sha512_256: "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
  Sha3_224: "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
  Sha3_256: "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
  Sha3_384: "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c25" +
    "96da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
  Sha3_512: "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e" +
    "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
};

const ABC = new TextEncoder().encode("abc");

export function testHashes(suite: Suite): void {
  suiteTest(suite, "hashes have their published values, and no other passes", async (stage, t) => {
    for (const [name, hash] of Object.entries(Hash)) {
      const answer = Uint8Array.fromHex(OF_ABC[name as keyof typeof Hash]);
      await t.step(hashName(hash), () => tryHash(stage, hash, answer));
    }
  });

  suiteTest(suite, "a hash takes any number of bytes", async (stage, t) => {
    for (const hash of HASHES) {
      if (!isServed(stage, hash)) continue;
      await t.step(hashName(hash), async () => {
        const seen = new Set<string>();
        // The length that is encoded ends a block of 64, 128 or 144 bytes at one of these.
        for (const length of [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 143, 144, 1_000_000]) {
          const operation = { alg: hash, input: pattern(length) };
          const computed = await stage.caller.must("PsaHashCompute", operation);
          assert.equal(computed.hash.length, hashLength(hash));
          await stage.caller.must("PsaHashCompare", { ...operation, hash: computed.hash });
          assert.equal(seen.has(computed.hash.toHex()), false);
          seen.add(computed.hash.toHex());
        }
      });
    }
  });
}

function isServed({ declared }: Stage, hash: Hash): boolean {
  return declared.serves("PsaHashCompute", { kind: "hash", hash });
}

async function tryHash(stage: Stage, alg: Hash, answer: Uint8Array): Promise<void> {
  const { caller } = stage;
  const good = { alg, input: ABC, hash: answer };
  if (!isServed(stage, alg)) {
    await caller.refused(PsaErrorNotSupported, "PsaHashCompute", { alg, input: ABC });
    return await caller.refused(PsaErrorNotSupported, "PsaHashCompare", good);
  }
  const { hash } = await caller.must("PsaHashCompute", { alg, input: ABC });
  assert.equal(hash.toHex(), answer.toHex());
  await caller.must("PsaHashCompare", good);
  for (const { name, bytes } of bitFlips(answer)) {
    const operation = { ...good, hash: bytes };
    await caller.refused(PsaErrorInvalidSignature, "PsaHashCompare", operation, name);
  }
  for (const { name, bytes } of otherLengths(answer)) {
    const statuses = [PsaErrorInvalidSignature, PsaErrorInvalidArgument];
    await caller.refused(statuses, "PsaHashCompare", { ...good, hash: bytes }, name);
  }
}
