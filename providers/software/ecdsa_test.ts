import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import type { AsymmetricSignature } from "../../src/psa/algorithm.ts";
import { Hash, hashLength } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { signHash, verifyHash } from "../../tests/fakes/operations.ts";
import { keyPairMaterial } from "../../tests/fakes/key_material.ts";
import {
  OpensslCommand,
  rawSignature,
  writeEcPrivateKey,
  writeEcPublicKey,
} from "../../tests/fakes/openssl_command.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
} from "../../tests/fakes/software_provider.ts";
import { ecdsaRawToDer } from "../../ffi/libcrypto/mod.ts";
import { CURVE_ROWS, HASH_ROWS } from "./algorithms.ts";
import type { Key } from "../../src/provider.ts";

const { PsaErrorInvalidArgument, PsaErrorInvalidSignature, PsaErrorNotSupported } = ResponseStatus;
const pairOf = (family: EccFamily): KeyType => ({ kind: "ecc_key_pair", family });
const publicOf = (family: EccFamily): KeyType => ({ kind: "ecc_public_key", family });
const SIGNING_ROWS = CURVE_ROWS.filter(({ name }) => name.form === "weierstrass");
const ECDSA_SHA256: AsymmetricSignature = { kind: "ecdsa", hash: Hash.Sha256 };
const hash = new Uint8Array(32).map((_, i) => i * 7 + 1);

Deno.test("PsaSignHash on each curve is verified by ourselves and by the openssl command", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  openssl.write("hash", hash);
  for (const { family, bits, name } of SIGNING_ROWS) {
    const group = name.form === "weierstrass" ? name.group : "";
    await t.step(group, async () => {
      const key = await generatedKey(provider, pairOf(family), bits);
      const publicKey = await provider.keys.exportPublicKey(key);
      const half = await importedKey(provider, publicOf(family), bits, publicKey);
      const signature = await signHash(provider, key, ECDSA_SHA256, hash);
      assert.equal(signature.length, 2 * Math.ceil(bits / 8));
      await verifyHash(provider, key, ECDSA_SHA256, hash, signature);
      await verifyHash(provider, half, ECDSA_SHA256, hash, signature);

      writeEcPublicKey(openssl, "pub.der", group, publicKey);
      openssl.write("signature", ecdsaRawToDer(signature));
      openssl.must(
        ..."pkeyutl -verify -pubin -keyform DER -inkey pub.der -sigfile signature -in hash"
          .split(" "),
      );
    });
  }
});

Deno.test("PsaVerifyHash accepts what the openssl command signs, on each curve", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  openssl.write("hash", hash);
  for (const { family, bits, name } of SIGNING_ROWS) {
    const group = name.form === "weierstrass" ? name.group : "";
    await t.step(group, async () => {
      const key = await generatedKey(provider, pairOf(family), bits);
      writeEcPrivateKey(openssl, "key.der", group, await provider.keys.exportKey(key));
      openssl.must(
        ..."pkeyutl -sign -keyform DER -inkey key.der -in hash -out signature".split(" "),
      );
      const signature = rawSignature(openssl.read("signature"), Math.ceil(bits / 8));
      await verifyHash(provider, key, ECDSA_SHA256, hash, signature);
    });
  }
});

Deno.test("PsaVerifyMessage accepts the signatures of RFC 6979, A.2.5", async (t) => {
  await using provider = openTestProvider();
  const publicKey = Uint8Array.fromHex(
    "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" +
      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
  );
  const key = await importedKey(provider, publicOf(EccFamily.SecpR1), 256, publicKey);
  const signature = Uint8Array.fromHex(
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
  );
  const message = new TextEncoder().encode("sample");
  for (const kind of ["ecdsa", "deterministic_ecdsa"] as const) {
    await t.step(kind, async () => {
      const alg = { kind, hash: Hash.Sha256 } as const;
      const operation = { keyName: "key", alg, message, signature };
      assert.deepEqual(await provider.primitives.PsaVerifyMessage(key, operation), {});
    });
  }
});

Deno.test("deterministic signatures are those of RFC 6979, or are not supported", async () => {
  await using provider = openTestProvider();
  const type = pairOf(EccFamily.SecpR1);
  const privateKey = Uint8Array.fromHex(
    "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
  );
  const key = await importedKey(provider, type, 256, privateKey);
  const alg = { kind: "deterministic_ecdsa", hash: Hash.Sha256 } as const;
  const message = new TextEncoder().encode("sample");
  const signMessage = async () =>
    (await provider.primitives.PsaSignMessage(key, { keyName: "key", alg, message })).signature;
  if (provider.registry.supportsAlgorithm(alg, type, 256)) {
    assert.equal(
      (await signMessage()).toHex(),
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    );
  } else {
    await refused(PsaErrorNotSupported, signMessage);
    assert.ok(provider.registry.supportsAlgorithm(alg, publicOf(EccFamily.SecpR1), 256));
  }
});

Deno.test("PsaSignHash and PsaSignMessage work with each hash", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(EccFamily.SecpR1), 256);
  const { primitives } = provider;
  const message = new TextEncoder().encode("message");
  for (const { hash, digest } of HASH_ROWS) {
    await t.step(digest, async () => {
      const alg = { kind: "ecdsa", hash } as const;
      const input = new Uint8Array(hashLength(hash)).fill(9);
      if (!provider.registry.supportsAlgorithm(alg, key.attributes.type, 256)) {
        await refused(PsaErrorNotSupported, () => signHash(provider, key, alg, input));
        return;
      }
      await verifyHash(provider, key, alg, input, await signHash(provider, key, alg, input));
      const { signature } = await primitives.PsaSignMessage(key, { keyName: "", alg, message });
      await primitives.PsaVerifyMessage(key, { keyName: "", alg, message, signature });
      const computed = (await primitives.PsaHashCompute({ alg: hash, input: message })).hash;
      await verifyHash(provider, key, alg, computed, signature);
    });
  }
});

Deno.test("ECDSA of any bytes takes hashes of every length but none", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(EccFamily.SecpR1), 256);
  const alg = { kind: "ecdsa_any" } as const;
  for (const length of [1, 20, 31, 32, 33, 64, 1000]) {
    await t.step(`${length} bytes`, async () => {
      const input = new Uint8Array(length).fill(3);
      await verifyHash(provider, key, alg, input, await signHash(provider, key, alg, input));
    });
  }
  await t.step("0 bytes", async () => {
    const empty = new Uint8Array();
    const signature = new Uint8Array(64).fill(1);
    await refused(PsaErrorInvalidArgument, () => signHash(provider, key, alg, empty));
    await refused(PsaErrorInvalidArgument, () => verifyHash(provider, key, alg, empty, signature));
  });
  await t.step("not a message", async () => {
    const operation = { keyName: "key", alg, message: hash };
    await refused(
      PsaErrorInvalidArgument,
      async () => await provider.primitives.PsaSignMessage(key, operation),
    );
  });
});

for (const [bits, name] of [[256, "p256"], [384, "p384"]] as const) {
  Deno.test(`PsaVerifyHash refuses every wrong signature alike, ${bits} bits`, async (t) => {
    await using provider = openTestProvider();
    const { privateKey } = keyPairMaterial(name);
    const key = await importedKey(provider, pairOf(EccFamily.SecpR1), bits, privateKey);
    const right = await signHash(provider, key, ECDSA_SHA256, hash);
    const half = right.length / 2;
    const zero = new Uint8Array(half);
    const flip = (i: number) => right.with(i, (right[i] ?? 0) ^ 1);
    const wrong: readonly (readonly [string, Uint8Array])[] = [
      ["first byte of r", flip(0)],
      ["last byte of r", flip(half - 1)],
      ["last byte of s", flip(right.length - 1)],
      ["r is 0", Uint8Array.of(...zero, ...right.subarray(half))],
      ["s is 0", Uint8Array.of(...right.subarray(0, half), ...zero)],
      ["all ones", new Uint8Array(right.length).fill(0xff)],
      ["a byte short", right.subarray(1)],
      ["a byte long", Uint8Array.of(...right, 0)],
      ["empty", new Uint8Array()],
      ["DER", ecdsaRawToDer(right)],
    ];
    for (const [what, signature] of wrong) {
      await t.step(what, () =>
        refused(
          PsaErrorInvalidSignature,
          () => verifyHash(provider, key, ECDSA_SHA256, hash, signature),
        ));
    }
    await t.step("another hash", () =>
      refused(
        PsaErrorInvalidSignature,
        () => verifyHash(provider, key, ECDSA_SHA256, hash.with(0, 0), right),
      ));
    await verifyHash(provider, key, ECDSA_SHA256, hash, right);
  });
}

Deno.test("PsaSignHash refuses what it can't sign", async (t) => {
  await using provider = openTestProvider();
  const pair = await generatedKey(provider, pairOf(EccFamily.SecpR1), 256);
  const half = await importedKey(
    provider,
    publicOf(EccFamily.SecpR1),
    256,
    await provider.keys.exportPublicKey(pair),
  );
  const montgomery = await generatedKey(provider, pairOf(EccFamily.Montgomery), 255);
  const rows: readonly (readonly [string, Key, AsymmetricSignature, Uint8Array])[] = [
    ["public key", half, ECDSA_SHA256, hash],
    ["31 bytes", pair, ECDSA_SHA256, hash.subarray(1)],
    ["64 bytes", pair, ECDSA_SHA256, new Uint8Array(64)],
    ["empty", pair, ECDSA_SHA256, new Uint8Array()],
    ["any hash", pair, { kind: "ecdsa", hash: "any" }, hash],
    ["a curve for agreement", montgomery, ECDSA_SHA256, hash],
    ["an RSA algorithm", pair, { kind: "rsa_pss", hash: Hash.Sha256 }, hash],
  ];
  for (const [what, key, alg, input] of rows) {
    await t.step(
      what,
      () => refused(PsaErrorInvalidArgument, () => signHash(provider, key, alg, input)),
    );
  }
});

Deno.test("numbers with leading zeros keep their place in a signature", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(EccFamily.SecpR1), 256);
  // One signature in 128 has such a number: 10,000 tries all miss with a chance of 1e-34.
  const find = async (at: number): Promise<Uint8Array> => {
    for (let i = 0; i < 10_000; i++) {
      const signature = await signHash(provider, key, ECDSA_SHA256, hash);
      if (signature[at] === 0) return signature;
    }
    throw new Error("No number with a leading zero in 10,000 signatures");
  };
  for (const [name, at] of [["r", 0], ["s", 32]] as const) {
    await t.step(name, async () => {
      const signature = await find(at);
      assert.equal(signature.length, 64);
      await verifyHash(provider, key, ECDSA_SHA256, hash, signature);
    });
  }
});

Deno.test("signatures on slow curves may go on at once, while the key is destroyed", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, pairOf(EccFamily.SecpR1), 384);
  const publicKey = await provider.keys.exportPublicKey(key);
  const half = await importedKey(provider, publicOf(EccFamily.SecpR1), 384, publicKey);
  const signing = Array.from({ length: 12 }, () => signHash(provider, key, ECDSA_SHA256, hash));
  await provider.keys.destroyKey(key);
  for (const signature of await Promise.all(signing)) {
    await verifyHash(provider, half, ECDSA_SHA256, hash, signature);
  }
  await refused(
    ResponseStatus.PsaErrorDoesNotExist,
    () => signHash(provider, key, ECDSA_SHA256, hash),
  );
});

Deno.test("the ECDSA suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
