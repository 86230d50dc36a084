import assert from "node:assert/strict";
import { readUnsignedSequence, writeUnsignedSequence } from "../../ffi/libcrypto/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import { keyPairMaterial } from "../../tests/fakes/key_material.ts";
import { OpensslCommand } from "../../tests/fakes/openssl_command.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
  unmadeKey,
} from "../../tests/fakes/software_provider.ts";

const PAIR: KeyType = { kind: "rsa_key_pair" };
const PUBLIC: KeyType = { kind: "rsa_public_key" };
const { PsaErrorInvalidArgument, PsaErrorNotSupported } = ResponseStatus;

Deno.test("generateKey() makes RSA keys that the openssl command finds sound", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  for (const bits of [1024, 1032, 2048, 3072]) {
    await t.step(`${bits} bits`, async () => {
      const key = await generatedKey(provider, PAIR, bits);
      const privateKey = await provider.keys.exportKey(key);
      const publicKey = await provider.keys.exportPublicKey(key);
      openssl.write("key.der", privateKey);
      const said = openssl.must(
        ..."rsa -inform DER -in key.der -check -noout -text".split(" "),
      );
      assert.match(said, /RSA key ok/);
      assert.match(said, new RegExp(`${bits} bit, 2 primes`));
      assert.match(said, /publicExponent: 65537 /);

      openssl.must(
        ..."rsa -inform DER -in key.der -RSAPublicKey_out -outform DER -out pub.der".split(" "),
      );
      assert.deepEqual(openssl.read("pub.der"), publicKey);

      const again = await importedKey(provider, PAIR, 0, privateKey);
      assert.equal(again.attributes.bits, bits);
      assert.deepEqual(await provider.keys.exportKey(again), privateKey);
      assert.deepEqual(await provider.keys.exportPublicKey(again), publicKey);
    });
  }
});

Deno.test("importKey() takes the known RSA keys, with their size or without", async (t) => {
  await using provider = openTestProvider();
  for (const bits of [1024, 2048, 3072]) {
    await t.step(`${bits} bits`, async () => {
      const { privateKey, publicKey } = keyPairMaterial(`rsa${bits}`);
      for (const size of [bits, 0]) {
        const pair = await importedKey(provider, PAIR, size, privateKey);
        assert.equal(pair.attributes.bits, bits);
        assert.deepEqual(await provider.keys.exportKey(pair), privateKey);
        assert.deepEqual(await provider.keys.exportPublicKey(pair), publicKey);
        const half = await importedKey(provider, PUBLIC, size, publicKey);
        assert.equal(half.attributes.bits, bits);
        assert.deepEqual(await provider.keys.exportKey(half), publicKey);
        assert.deepEqual(await provider.keys.exportPublicKey(half), publicKey);
      }
    });
  }
});

const { privateKey, publicKey } = keyPairMaterial("rsa2048");
const PRIVATE_NUMBERS = readUnsignedSequence(privateKey);
const PUBLIC_NUMBERS = readUnsignedSequence(publicKey);

/** The private key with one of its numbers replaced: 0 version, 1 n, 2 e, 3 d, 4 p, 5 q, 6-8 CRT. */
function privateWith(index: number, number: Uint8Array): Uint8Array {
  return writeUnsignedSequence(PRIVATE_NUMBERS.with(index, number));
}

function publicWith(index: number, number: Uint8Array): Uint8Array {
  return writeUnsignedSequence(PUBLIC_NUMBERS.with(index, number));
}

/** The number with its lowest bit, or another one of its last byte, turned. */
function turned(numbers: readonly Uint8Array[], index: number, bit = 1): Uint8Array {
  const number = numbers[index] ?? new Uint8Array();
  return number.with(number.length - 1, (number.at(-1) ?? 0) ^ bit);
}

const ones = (length: number) => new Uint8Array(length).fill(0xff);

/** PKCS#8's wrapping of the same key. */
function pkcs8(): Uint8Array {
  const head = Uint8Array.fromHex("020100300d06092a864886f70d0101010500");
  const body = Uint8Array.of(0x04, 0x82, privateKey.length >> 8, privateKey.length & 0xff);
  const length = head.length + body.length + privateKey.length;
  return Uint8Array.of(0x30, 0x82, length >> 8, length & 0xff, ...head, ...body, ...privateKey);
}

Deno.test("importKey() refuses what is no RSA key pair", async (t) => {
  await using provider = openTestProvider();
  const [, , , , p = new Uint8Array(), q = new Uint8Array()] = PRIVATE_NUMBERS;
  const rows: readonly (readonly [string, number, Uint8Array])[] = [
    ["another size", 1024, privateKey],
    ["truncated", 0, privateKey.subarray(0, 100)],
    ["a byte short", 0, privateKey.subarray(0, privateKey.length - 1)],
    ["a byte long", 0, Uint8Array.of(...privateKey, 0)],
    ["empty", 0, new Uint8Array()],
    ["junk", 0, new TextEncoder().encode("this is no key at all")],
    ["a public key", 0, publicKey],
    ["PKCS#8", 0, pkcs8()],
    ["a long length", 0, Uint8Array.of(0x30, 0x83, 0, ...privateKey.subarray(2))],
    ["an indefinite length", 0, Uint8Array.of(0x30, 0x80, ...privateKey.subarray(4), 0, 0)],
    ["several primes", 0, privateWith(0, Uint8Array.of(1))],
    ["ten numbers", 0, writeUnsignedSequence([...PRIVATE_NUMBERS, Uint8Array.of(3)])],
    ["eight numbers", 0, writeUnsignedSequence(PRIVATE_NUMBERS.slice(0, 8))],
    ["an even modulus", 0, privateWith(1, turned(PRIVATE_NUMBERS, 1))],
    ["another modulus", 0, privateWith(1, turned(PRIVATE_NUMBERS, 1, 2))],
    ["another public exponent", 0, privateWith(2, Uint8Array.of(3))],
    ["exponent 1", 0, privateWith(2, Uint8Array.of(1))],
    ["another private exponent", 0, privateWith(3, turned(PRIVATE_NUMBERS, 3, 2))],
    ["p is no prime", 0, privateWith(4, turned(PRIVATE_NUMBERS, 4, 2))],
    ["q is no prime", 0, privateWith(5, turned(PRIVATE_NUMBERS, 5, 2))],
    ["p is zero", 0, privateWith(4, new Uint8Array())],
    ["wrong CRT exponent", 0, privateWith(6, turned(PRIVATE_NUMBERS, 6, 2))],
    ["wrong CRT coefficient", 0, privateWith(8, turned(PRIVATE_NUMBERS, 8, 2))],
    ["primes swapped", 0, writeUnsignedSequence(PRIVATE_NUMBERS.with(4, q).with(5, p))],
    ["d of a megabyte", 0, privateWith(3, ones(1_000_000))],
    ["p of 100 kilobytes", 0, privateWith(4, ones(100_000))],
    ["q as long as the modulus", 0, privateWith(5, ones(256))],
    ["512 bits", 0, writeUnsignedSequence(PRIVATE_NUMBERS.with(1, ones(64)))],
    ["2047 bits", 0, privateWith(1, ones(256).with(0, 0x7f))],
  ];
  for (const [name, bits, data] of rows) {
    await t.step(
      name,
      () => refused(PsaErrorInvalidArgument, () => importedKey(provider, PAIR, bits, data)),
    );
  }
});

Deno.test("importKey() refuses what is no RSA public key", async (t) => {
  await using provider = openTestProvider();
  const spki = Uint8Array.of(
    ...Uint8Array.fromHex("30820122300d06092a864886f70d01010105000382010f00"),
    ...publicKey,
  );
  const rows: readonly (readonly [string, number, Uint8Array])[] = [
    ["another size", 1024, publicKey],
    ["truncated", 0, publicKey.subarray(0, 100)],
    ["a byte long", 0, Uint8Array.of(...publicKey, 0)],
    ["junk", 0, new TextEncoder().encode("junk")],
    ["a private key", 0, privateKey],
    ["SubjectPublicKeyInfo", 0, spki],
    ["one number", 0, writeUnsignedSequence(PUBLIC_NUMBERS.slice(0, 1))],
    ["an even modulus", 0, publicWith(0, turned(PUBLIC_NUMBERS, 0))],
    ["an even exponent", 0, publicWith(1, Uint8Array.of(4))],
    ["exponent 1", 0, publicWith(1, Uint8Array.of(1))],
    ["exponent 0", 0, publicWith(1, new Uint8Array())],
    ["a negative modulus", 0, Uint8Array.fromHex("30060201ff020103")],
    ["768 bits", 0, publicWith(0, ones(96))],
    ["16384 bits", 0, publicWith(0, ones(2048))],
  ];
  for (const [name, bits, data] of rows) {
    await t.step(
      name,
      () => refused(PsaErrorInvalidArgument, () => importedKey(provider, PUBLIC, bits, data)),
    );
  }
  await t.step("an exponent of 9 bytes is not supported", () =>
    refused(
      PsaErrorNotSupported,
      () => importedKey(provider, PUBLIC, 0, publicWith(1, ones(9))),
    ));
});

Deno.test("making RSA keys leaves the event loop free", async () => {
  await using provider = openTestProvider();
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  try {
    const making = provider.keys.generateKey(unmadeKey(PAIR, 3072));
    assert.ok(making instanceof Promise);
    await provider.primitives.PsaHashCompute({ alg: Hash.Sha256, input: privateKey });
    await making;
  } finally {
    clearInterval(ticking);
  }
  assert.ok(turns > 0, "no other task had its turn");
});

Deno.test("RSA keys that are asked for at once are all made, each another", async () => {
  await using provider = openTestProvider();
  const keys = await Promise.all(
    Array.from({ length: 10 }, () => generatedKey(provider, PAIR, 1024)),
  );
  const moduli = await Promise.all(
    keys.map(async (key) => (await provider.keys.exportPublicKey(key)).toHex()),
  );
  assert.equal(new Set(moduli).size, 10);
});

Deno.test("the RSA key suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
