import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import type { AsymmetricSignature } from "../../src/psa/algorithm.ts";
import { Hash, hashLength } from "../../src/psa/hash.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { keyPairMaterial } from "../../tests/fakes/key_material.ts";
import { OpensslCommand } from "../../tests/fakes/openssl_command.ts";
import { signHash, verifyHash } from "../../tests/fakes/operations.ts";
import {
  importedKey,
  openTestProvider,
  refused,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { HASH_ROWS } from "./algorithms.ts";

const PAIR: KeyType = { kind: "rsa_key_pair" };
const PUBLIC: KeyType = { kind: "rsa_public_key" };
const { PsaErrorInvalidArgument, PsaErrorInvalidSignature, PsaErrorNotSupported } = ResponseStatus;
const RAW = { kind: "rsa_pkcs1v15_sign_raw" } as const;
const PKCS1 = { kind: "rsa_pkcs1v15_sign", hash: Hash.Sha256 } as const;
const PSS = { kind: "rsa_pss", hash: Hash.Sha256 } as const;
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i * 5 + 3);
const hash = bytes(32);

interface Keys {
  readonly pair: Key;
  readonly half: Key;
}

async function keysOf(provider: TestProvider, bits: number): Promise<Keys> {
  const { privateKey, publicKey } = keyPairMaterial(`rsa${bits}`);
  return {
    pair: await importedKey(provider, PAIR, bits, privateKey),
    half: await importedKey(provider, PUBLIC, bits, publicKey),
  };
}

/** The hashes that the openssl command is asked for by name. */
const COMMAND_HASHES = HASH_ROWS.filter(({ hash }) => hash !== Hash.Md2 && hash !== Hash.Md4);

Deno.test("PKCS#1 v1.5 signatures are those of the openssl command, with each hash", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const { pair, half } = await keysOf(provider, 2048);
  openssl.write("key.der", keyPairMaterial("rsa2048").privateKey);
  for (const { hash, digest } of COMMAND_HASHES) {
    await t.step(digest, async () => {
      const alg = { kind: "rsa_pkcs1v15_sign", hash } as const;
      const input = bytes(hashLength(hash));
      const signature = await signHash(provider, pair, alg, input);
      openssl.write("hash", input);
      openssl.must(
        ..."pkeyutl -sign -keyform DER -inkey key.der -in hash -out signature".split(" "),
        ...["-pkeyopt", `digest:${digest}`],
      );
      assert.deepEqual(signature, openssl.read("signature"));
      await verifyHash(provider, half, alg, input, signature);
    });
  }
});

Deno.test("PSS signatures are accepted by the openssl command, and its are by us", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const { pair, half } = await keysOf(provider, 2048);
  openssl.write("key.der", keyPairMaterial("rsa2048").privateKey);
  for (const { hash, digest } of COMMAND_HASHES) {
    await t.step(digest, async () => {
      const alg = { kind: "rsa_pss", hash } as const;
      const input = bytes(hashLength(hash));
      openssl.write("hash", input);
      const options = [
        ..."-keyform DER -inkey key.der -in hash -pkeyopt rsa_padding_mode:pss".split(" "),
        ...["-pkeyopt", `digest:${digest}`, "-pkeyopt", "rsa_pss_saltlen:digest"],
      ];
      openssl.write("ours", await signHash(provider, pair, alg, input));
      openssl.must("pkeyutl", "-verify", "-sigfile", "ours", ...options);
      openssl.must("pkeyutl", "-sign", "-out", "theirs", ...options);
      await verifyHash(provider, half, alg, input, openssl.read("theirs"));
    });
  }
});

Deno.test("PSS with a small key and a long hash takes the salt there is room for", async () => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const { pair, half } = await keysOf(provider, 1024);
  const alg = { kind: "rsa_pss", hash: Hash.Sha512 } as const;
  const input = bytes(64);
  const signature = await signHash(provider, pair, alg, input);
  await verifyHash(provider, half, alg, input, signature);
  openssl.write("key.der", keyPairMaterial("rsa1024").privateKey);
  openssl.write("hash", input);
  openssl.write("signature", signature);
  openssl.must(
    ..."pkeyutl -verify -keyform DER -inkey key.der -in hash -sigfile signature".split(" "),
    ..."-pkeyopt rsa_padding_mode:pss -pkeyopt digest:SHA512".split(" "),
    ...["-pkeyopt", "rsa_pss_saltlen:62"],
  );
});

Deno.test("PSS with another salt length is no signature of this algorithm", async () => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const { half } = await keysOf(provider, 2048);
  openssl.write("key.der", keyPairMaterial("rsa2048").privateKey);
  openssl.write("hash", hash);
  openssl.must(
    ..."pkeyutl -sign -keyform DER -inkey key.der -in hash -out signature".split(" "),
    ..."-pkeyopt rsa_padding_mode:pss -pkeyopt digest:SHA256".split(" "),
    ...["-pkeyopt", "rsa_pss_saltlen:20"],
  );
  await refused(
    PsaErrorInvalidSignature,
    () => verifyHash(provider, half, PSS, hash, openssl.read("signature")),
  );
});

Deno.test("raw PKCS#1 v1.5 signs what fits, byte for byte", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const { pair, half } = await keysOf(provider, 2048);
  openssl.write("key.der", keyPairMaterial("rsa2048").privateKey);
  for (const length of [1, 32, 51, 244, 245]) {
    await t.step(`${length} bytes`, async () => {
      const input = bytes(length);
      const signature = await signHash(provider, pair, RAW, input);
      await verifyHash(provider, half, RAW, input, signature);
      openssl.write("signature", signature);
      openssl.must(
        ..."pkeyutl -verifyrecover -keyform DER -inkey key.der -in signature -out data".split(" "),
      );
      assert.deepEqual(openssl.read("data"), input);
    });
  }
  await t.step("246 bytes", async () => {
    await refused(PsaErrorInvalidArgument, () => signHash(provider, pair, RAW, bytes(246)));
    await refused(
      PsaErrorInvalidSignature,
      () => verifyHash(provider, half, RAW, bytes(246), bytes(256)),
    );
  });
  await t.step(
    "0 bytes",
    () => refused(PsaErrorInvalidArgument, () => signHash(provider, pair, RAW, bytes(0))),
  );
});

Deno.test("a message is hashed and signed", async (t) => {
  await using provider = openTestProvider();
  const { pair, half } = await keysOf(provider, 1024);
  const { primitives } = provider;
  const message = new TextEncoder().encode("message");
  for (const alg of [PKCS1, PSS]) {
    await t.step(alg.kind, async () => {
      const { signature } = await primitives.PsaSignMessage(pair, { keyName: "", alg, message });
      const operation = { keyName: "", alg, message, signature };
      assert.deepEqual(await primitives.PsaVerifyMessage(half, operation), {});
      const { hash } = await primitives.PsaHashCompute({ alg: Hash.Sha256, input: message });
      await verifyHash(provider, half, alg, hash, signature);
    });
  }
  await t.step("the raw form is for no message", () =>
    refused(
      PsaErrorInvalidArgument,
      async () => await primitives.PsaSignMessage(pair, { keyName: "", alg: RAW, message }),
    ));
});

for (const alg of [PKCS1, PSS, RAW]) {
  Deno.test(`PsaVerifyHash refuses every wrong signature alike, ${alg.kind}`, async (t) => {
    await using provider = openTestProvider();
    const { pair, half } = await keysOf(provider, 1024);
    const right = await signHash(provider, pair, alg, hash);
    const wrong: readonly (readonly [string, Uint8Array])[] = [
      ["first byte", right.with(0, (right[0] ?? 0) ^ 1)],
      ["last byte", right.with(127, (right[127] ?? 0) ^ 1)],
      ["zeros", new Uint8Array(128)],
      ["larger than the modulus", new Uint8Array(128).fill(0xff)],
      ["a byte short", right.subarray(1)],
      ["a byte long", Uint8Array.of(0, ...right)],
      ["empty", new Uint8Array()],
    ];
    for (const [name, signature] of wrong) {
      await t.step(name, async () => {
        for (const key of [pair, half]) {
          await refused(
            PsaErrorInvalidSignature,
            () => verifyHash(provider, key, alg, hash, signature),
          );
        }
      });
    }
    await t.step("another hash", () =>
      refused(
        PsaErrorInvalidSignature,
        () => verifyHash(provider, half, alg, hash.with(0, 0), right),
      ));
    await verifyHash(provider, half, alg, hash, right);
  });
}

Deno.test("PsaSignHash refuses what an RSA key can't sign", async (t) => {
  await using provider = openTestProvider();
  const { pair, half } = await keysOf(provider, 1024);
  const rows: readonly (readonly [string, ResponseStatus, Key, AsymmetricSignature])[] = [
    ["a public key", PsaErrorInvalidArgument, half, PKCS1],
    ["another length", PsaErrorInvalidArgument, pair, { ...PKCS1, hash: Hash.Sha384 }],
    ["any hash", PsaErrorInvalidArgument, pair, { ...PSS, hash: "any" }],
    ["an ECDSA algorithm", PsaErrorInvalidArgument, pair, { kind: "ecdsa", hash: Hash.Sha256 }],
  ];
  for (const [name, status, key, alg] of rows) {
    await t.step(name, () => refused(status, () => signHash(provider, key, alg, hash)));
  }
  await t.step("a hash that libcrypto lacks", () =>
    refused(
      PsaErrorNotSupported,
      () => signHash(provider, pair, { ...PKCS1, hash: Hash.Md2 }, bytes(16)),
    ));
});

Deno.test("many signatures may go on at once, while the key is destroyed", async () => {
  await using provider = openTestProvider();
  const { pair, half } = await keysOf(provider, 2048);
  const inputs = Array.from({ length: 16 }, (_, i) => hash.with(0, i));
  const signing = inputs.map((input) => signHash(provider, pair, PKCS1, input));
  await provider.keys.destroyKey(pair);
  const signatures = await Promise.all(signing);
  for (const [i, signature] of signatures.entries()) {
    await verifyHash(provider, half, PKCS1, inputs[i] ?? hash, signature);
  }
});

Deno.test("the RSA signature suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
