import assert from "node:assert/strict";
import { constants, createPrivateKey, privateDecrypt, publicEncrypt } from "node:crypto";
import { Buffer } from "node:buffer";
import { openLibcrypto, rejectsImplicitly } from "../../ffi/libcrypto/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import type { AsymmetricEncryption } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { keyPairMaterial } from "../../tests/fakes/key_material.ts";
import { OpensslCommand } from "../../tests/fakes/openssl_command.ts";
import { decrypt, encrypt } from "../../tests/fakes/operations.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
  TESTED_LIBCRYPTO,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { HASH_ROWS } from "./algorithms.ts";

const PAIR: KeyType = { kind: "rsa_key_pair" };
const PUBLIC: KeyType = { kind: "rsa_public_key" };
const { PsaErrorInvalidArgument, PsaErrorInvalidPadding, PsaErrorNotSupported } = ResponseStatus;
const PKCS1 = { kind: "rsa_pkcs1v15_crypt" } as const;
const OAEP = { kind: "rsa_oaep", hash: Hash.Sha256 } as const;
const text = (value: string) => new TextEncoder().encode(value);
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i * 11 + 1);

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

interface Row {
  readonly name: string;
  readonly alg: AsymmetricEncryption;
  readonly label: Uint8Array;
  /** Options of `openssl pkeyutl`. */
  readonly options: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: "PKCS#1 v1.5", alg: PKCS1, label: text(""), options: ["rsa_padding_mode:pkcs1"] },
  ...HASH_ROWS.filter(({ hash }) => hash !== Hash.Md2 && hash !== Hash.Md4).map((
    { hash, digest },
  ) => ({
    name: `OAEP ${digest}`,
    alg: { kind: "rsa_oaep", hash } as const,
    label: text(""),
    options: ["rsa_padding_mode:oaep", `rsa_oaep_md:${digest}`, `rsa_mgf1_md:${digest}`],
  })),
  {
    name: "OAEP with a label",
    alg: OAEP,
    label: text("label\0"),
    options: ["rsa_padding_mode:oaep", "rsa_oaep_md:SHA256", "rsa_oaep_label:6c6162656c00"],
  },
];

Deno.test("what we encrypt the openssl command decrypts, and the other way round", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const { pair, half } = await keysOf(provider, 2048);
  openssl.write("key.der", keyPairMaterial("rsa2048").privateKey);
  const plaintext = text("hello");
  for (const { name, alg, label, options } of ROWS) {
    await t.step(name, async () => {
      const common = [
        ..."-keyform DER -inkey key.der".split(" "),
        ...options.flatMap((option) => ["-pkeyopt", option]),
      ];
      for (const key of [pair, half]) {
        openssl.write("ours", await encrypt(provider, key, alg, plaintext, label));
        openssl.must("pkeyutl", "-decrypt", "-in", "ours", "-out", "plain", ...common);
        assert.deepEqual(openssl.read("plain"), plaintext);
      }
      openssl.must("pkeyutl", "-encrypt", "-in", "plain", "-out", "theirs", ...common);
      assert.deepEqual(
        await decrypt(provider, pair, alg, openssl.read("theirs"), label),
        plaintext,
      );
    });
  }
});

Deno.test("what we encrypt another library decrypts, and the other way round", async () => {
  await using provider = openTestProvider();
  const { privateKey } = keyPairMaterial("rsa2048");
  const { pair, half } = await keysOf(provider, 2048);
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: "der", type: "pkcs1" });
  const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  const ours = await encrypt(provider, half, OAEP, text("hello"));
  assert.deepEqual(new Uint8Array(privateDecrypt(options, Buffer.from(ours))), text("hello"));
  const theirs = new Uint8Array(publicEncrypt(options, Buffer.from(text("hello"))));
  assert.deepEqual(await decrypt(provider, pair, OAEP, theirs), text("hello"));
});

Deno.test("plaintexts of every length that fits go in and out", async (t) => {
  await using provider = openTestProvider();
  const { pair, half } = await keysOf(provider, 1024);
  const rows: readonly (readonly [AsymmetricEncryption, number])[] = [
    [PKCS1, 117],
    [{ kind: "rsa_oaep", hash: Hash.Sha1 }, 86],
    [OAEP, 62],
    [{ kind: "rsa_oaep", hash: Hash.Sha384 }, 30],
  ];
  for (const [alg, room] of rows) {
    for (const length of [0, 1, room - 1, room]) {
      await t.step(`${JSON.stringify(alg)}, ${length} bytes`, async () => {
        const ciphertext = await encrypt(provider, half, alg, bytes(length));
        assert.equal(ciphertext.length, 128);
        assert.deepEqual(await decrypt(provider, pair, alg, ciphertext), bytes(length));
      });
    }
    await t.step(
      `${JSON.stringify(alg)}, ${room + 1} bytes`,
      () => refused(PsaErrorInvalidArgument, () => encrypt(provider, half, alg, bytes(room + 1))),
    );
  }
});

Deno.test("a hash too long for the key leaves no room at all", async () => {
  await using provider = openTestProvider();
  const { pair, half } = await keysOf(provider, 1024);
  const alg = { kind: "rsa_oaep", hash: Hash.Sha512 } as const;
  assert.equal(provider.registry.supportsAlgorithm(alg, PAIR, 1024), false);
  assert.equal(provider.registry.supportsAlgorithm(alg, PAIR, 2048), true);
  await refused(PsaErrorInvalidArgument, () => encrypt(provider, half, alg, bytes(0)));
  await refused(PsaErrorInvalidArgument, () => decrypt(provider, pair, alg, bytes(128)));
});

/** A libcrypto may decrypt PKCS#1 v1.5 to other bytes instead of refusing. */
const REJECTS_IMPLICITLY = rejectsImplicitly(openLibcrypto(TESTED_LIBCRYPTO));

Deno.test("what does not decrypt is refused alike, whatever is wrong with it", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const { pair, half } = await keysOf(provider, 1024);
  openssl.write("key.der", keyPairMaterial("rsa1024").privateKey);
  /** The ciphertext of a padded block. */
  const encrypted = (block: Uint8Array): Uint8Array => {
    openssl.write("block", block);
    openssl.must(
      ..."pkeyutl -encrypt -keyform DER -inkey key.der -in block -out raw".split(" "),
      ..."-pkeyopt rsa_padding_mode:none".split(" "),
    );
    return openssl.read("raw");
  };
  const block = (start: readonly number[]) => {
    const padded = new Uint8Array(128).fill(0x55);
    padded.set(start);
    return padded;
  };
  const good = block([0, 2]).with(100, 0);
  await t.step(
    "a good block decrypts",
    async () =>
      assert.deepEqual(await decrypt(provider, pair, PKCS1, encrypted(good)), good.subarray(101)),
  );
  const rows: readonly (readonly [string, AsymmetricEncryption, Uint8Array])[] = [
    ["first byte is not 0", PKCS1, encrypted(good.with(0, 1))],
    ["block type 1", PKCS1, encrypted(good.with(1, 1))],
    ["no separator", PKCS1, encrypted(block([0, 2]))],
    ["7 bytes of padding", PKCS1, encrypted(block([0, 2]).with(9, 0))],
    ["zeros", PKCS1, new Uint8Array(128)],
    ["larger than the modulus", PKCS1, new Uint8Array(128).fill(0xff)],
    ["OAEP: zeros", OAEP, new Uint8Array(128)],
    ["OAEP: larger than the modulus", OAEP, new Uint8Array(128).fill(0xff)],
    ["OAEP: no padding", OAEP, encrypted(good)],
    ["OAEP: first byte is not 0", OAEP, encrypted(good.with(0, 1))],
    [
      "OAEP: another hash",
      { ...OAEP, hash: Hash.Sha1 },
      await encrypt(provider, half, OAEP, good.subarray(120)),
    ],
    ["OAEP: a PKCS#1 ciphertext", OAEP, await encrypt(provider, half, PKCS1, bytes(9))],
  ];
  const decryptsAnyway = (alg: AsymmetricEncryption, ciphertext: Uint8Array) =>
    REJECTS_IMPLICITLY && alg === PKCS1 && ciphertext[0] !== 0xff;
  for (const [name, alg, ciphertext] of rows) {
    await t.step(name, async () => {
      const attempt = () => decrypt(provider, pair, alg, ciphertext);
      if (!decryptsAnyway(alg, ciphertext)) return await refused(PsaErrorInvalidPadding, attempt);
      const plaintext = await attempt();
      assert.ok(plaintext.length <= 117);
      assert.deepEqual(await attempt(), plaintext, "the same bytes each time");
    });
  }
  const labelled = await encrypt(provider, half, OAEP, bytes(9), text("label"));
  for (const label of ["", "other", "label\0"]) {
    await t.step(`OAEP: label ${JSON.stringify(label)}`, () =>
      refused(
        PsaErrorInvalidPadding,
        () => decrypt(provider, pair, OAEP, labelled, text(label)),
      ));
  }
});

Deno.test("arguments that can't be right are refused", async (t) => {
  await using provider = openTestProvider();
  const { pair, half } = await keysOf(provider, 1024);
  const ciphertext = await encrypt(provider, half, OAEP, bytes(9));
  const ecc = await generatedKey(provider, { kind: "ecc_key_pair", family: EccFamily.SecpR1 }, 256);
  const rows: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["a public key", () => decrypt(provider, half, OAEP, ciphertext)],
    ["ciphertext too short", () => decrypt(provider, pair, OAEP, ciphertext.subarray(1))],
    ["ciphertext too long", () => decrypt(provider, pair, OAEP, Uint8Array.of(0, ...ciphertext))],
    ["empty ciphertext", () => decrypt(provider, pair, PKCS1, bytes(0))],
    ["PKCS#1 with a label", () => encrypt(provider, half, PKCS1, bytes(9), text("label"))],
    ["an elliptic curve key", () => encrypt(provider, ecc, OAEP, bytes(9))],
  ];
  for (const [name, call] of rows) {
    await t.step(name, () => refused(PsaErrorInvalidArgument, call));
  }
  await t.step("a hash that libcrypto lacks", () =>
    refused(
      PsaErrorNotSupported,
      () => encrypt(provider, half, { kind: "rsa_oaep", hash: Hash.Md2 }, bytes(9)),
    ));
});

Deno.test("decryptions may go on at once, while the key is destroyed", async () => {
  await using provider = openTestProvider();
  const { pair, half } = await keysOf(provider, 2048);
  const ciphertext = await encrypt(provider, half, OAEP, text("hello"));
  const going = Array.from({ length: 12 }, () => decrypt(provider, pair, OAEP, ciphertext));
  await provider.keys.destroyKey(pair);
  for (const plaintext of await Promise.all(going)) assert.deepEqual(plaintext, text("hello"));
});

Deno.test("the asymmetric encryption suite leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
