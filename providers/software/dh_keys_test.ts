import assert from "node:assert/strict";
import { readUnsignedSequence } from "../../ffi/libcrypto/mod.ts";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { Agreement } from "../../src/psa/algorithm.ts";
import { DhFamily, EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { OpensslCommand } from "../../tests/fakes/openssl_command.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { DH_ROWS } from "./algorithms.ts";

const { PsaErrorInvalidArgument, PsaErrorNotSupported } = ResponseStatus;
const PAIR: KeyType = { kind: "dh_key_pair", family: DhFamily.Rfc7919 };
const PUBLIC: KeyType = { kind: "dh_public_key", family: DhFamily.Rfc7919 };

const numberOf = (bytes: Uint8Array) => BigInt(`0x${bytes.toHex()}`);
const bytesOf = (number: bigint, length: number) =>
  Uint8Array.fromHex(number.toString(16).padStart(2 * length, "0"));

/** The prime of a group, from the openssl command. */
function primeOf(group: string): bigint {
  using openssl = new OpensslCommand();
  openssl.must(
    ..."genpkey -genparam -algorithm DH -out pem -pkeyopt".split(" "),
    `group:${group}`,
  );
  openssl.must(..."dhparam -in pem -outform DER -out der".split(" "));
  const [prime = new Uint8Array()] = readUnsignedSequence(openssl.read("der"));
  return numberOf(prime);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let rest = exponent, square = base % modulus; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

async function agree(
  { primitives }: TestProvider,
  key: Key,
  peerKey: Uint8Array,
  agreement: Agreement = Agreement.Ffdh,
): Promise<Uint8Array> {
  const result = await primitives.PsaRawKeyAgreement(key, {
    alg: { kind: "raw_key_agreement", agreement },
    privateKeyName: "key",
    peerKey,
  });
  return result.sharedSecret;
}

Deno.test("DH keys are made, and agree as plain arithmetic says", async (t) => {
  await using provider = openTestProvider();
  for (const { bits, group } of DH_ROWS.filter(({ bits }) => bits <= 3072)) {
    await t.step(group, async () => {
      const prime = primeOf(group);
      const length = bits / 8;
      const [a, b] = [
        await generatedKey(provider, PAIR, bits),
        await generatedKey(provider, PAIR, bits),
      ];
      const privateKey = await provider.keys.exportKey(a);
      const publicKey = await provider.keys.exportPublicKey(a);
      const peerKey = await provider.keys.exportPublicKey(b);
      assert.equal(privateKey.length, length);
      assert.deepEqual(publicKey, bytesOf(power(2n, numberOf(privateKey), prime), length));
      const secret = await agree(provider, a, peerKey);
      const expected = power(numberOf(peerKey), numberOf(privateKey), prime);
      assert.deepEqual(secret, bytesOf(expected, length));
      assert.deepEqual(await agree(provider, b, publicKey), secret);
    });
  }
});

Deno.test("every group makes keys that go out and in again", async (t) => {
  await using provider = openTestProvider();
  for (const { bits, group } of DH_ROWS) {
    await t.step(group, async () => {
      const key = await generatedKey(provider, PAIR, bits);
      const privateKey = await provider.keys.exportKey(key);
      const publicKey = await provider.keys.exportPublicKey(key);
      const again = await importedKey(provider, PAIR, 0, privateKey);
      assert.equal(again.attributes.bits, bits);
      assert.deepEqual(await provider.keys.exportPublicKey(again), publicKey);
      const half = await importedKey(provider, PUBLIC, bits, publicKey);
      assert.deepEqual(await provider.keys.exportPublicKey(half), publicKey);
    });
  }
});

Deno.test("a private key as long as the prime is taken", async () => {
  await using provider = openTestProvider();
  const prime = primeOf("ffdhe2048");
  const privateKey = bytesOf(prime - 2n, 256);
  const key = await importedKey(provider, PAIR, 2048, privateKey);
  assert.deepEqual(await provider.keys.exportKey(key), privateKey);
  // 2^(p - 2) is the inverse of 2.
  assert.deepEqual(await provider.keys.exportPublicKey(key), bytesOf((prime + 1n) / 2n, 256));
});

Deno.test("importKey() refuses what is no DH key, and an agreement what is no peer", async (t) => {
  await using provider = openTestProvider();
  const prime = primeOf("ffdhe2048");
  const own = await generatedKey(provider, PAIR, 2048);
  const number = (value: bigint, length = 256) => bytesOf(value, length);
  const outOfRange: readonly (readonly [string, Uint8Array])[] = [
    ["0", number(0n)],
    ["1", number(1n)],
    ["the prime less 1", number(prime - 1n)],
    ["the prime", number(prime)],
    ["all ones", new Uint8Array(256).fill(0xff)],
  ];
  for (const [name, data] of outOfRange) {
    await t.step(name, async () => {
      await refused(PsaErrorInvalidArgument, () => importedKey(provider, PAIR, 2048, data));
      await refused(PsaErrorInvalidArgument, () => importedKey(provider, PUBLIC, 2048, data));
      await refused(PsaErrorInvalidArgument, () => agree(provider, own, data));
    });
  }
  await t.step("another size", async () => {
    await refused(
      PsaErrorInvalidArgument,
      () => importedKey(provider, PAIR, 3072, number(5n)),
    );
    await refused(PsaErrorInvalidArgument, () => agree(provider, own, number(5n, 255)));
    await refused(PsaErrorInvalidArgument, () => agree(provider, own, new Uint8Array()));
  });
  await t.step(
    "no group has this size",
    () => refused(PsaErrorInvalidArgument, () => importedKey(provider, PUBLIC, 0, number(5n, 255))),
  );
});

Deno.test("an agreement that is not the key's is not supported", async () => {
  await using provider = openTestProvider();
  const dh = await generatedKey(provider, PAIR, 2048);
  const ecc = await generatedKey(provider, { kind: "ecc_key_pair", family: EccFamily.SecpR1 }, 256);
  const peer = new Uint8Array(256).fill(2);
  await refused(PsaErrorNotSupported, () => agree(provider, dh, peer, Agreement.Ecdh));
  await refused(PsaErrorNotSupported, () => agree(provider, ecc, peer, Agreement.Ffdh));
});

Deno.test("the DH suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
