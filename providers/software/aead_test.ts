import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { type Aead, AeadMode } from "../../src/psa/algorithm.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { AEAD_LIMITS, AEAD_ROWS } from "./algorithms.ts";

const { PsaErrorInvalidArgument, PsaErrorInvalidSignature, PsaErrorNotSupported } = ResponseStatus;
const AES: KeyType = { kind: "aes" };
const GCM: Aead = { kind: "aead", mode: AeadMode.Gcm };
const CCM: Aead = { kind: "aead", mode: AeadMode.Ccm };
const CHACHA: Aead = { kind: "aead", mode: AeadMode.ChaCha20Poly1305 };
const text = (value: string) => new TextEncoder().encode(value);
const hex = (value: string) => Uint8Array.fromHex(value.replaceAll(" ", ""));
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i * 3 + 1);

interface Message {
  readonly alg: Aead;
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
}

async function seal(
  { primitives }: TestProvider,
  key: Key,
  message: Message,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const operation = { keyName: "key", ...message, plaintext };
  return (await primitives.PsaAeadEncrypt(key, operation)).ciphertext;
}

async function open(
  { primitives }: TestProvider,
  key: Key,
  message: Message,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const operation = { keyName: "key", ...message, ciphertext };
  return (await primitives.PsaAeadDecrypt(key, operation)).plaintext;
}

interface Known extends Message {
  readonly name: string;
  readonly type: KeyType;
  readonly key: Uint8Array;
  readonly plaintext: Uint8Array;
  /** Ciphertext and tag. */
  readonly sealed: string;
}

const none = new Uint8Array();
const zeros = (length: number) => new Uint8Array(length);
/** The test cases of the GCM submission to NIST, by number. */
const gcmCase = (
  number: number,
  keyLength: number,
  plaintext: Uint8Array,
  sealed: string,
): Known => ({
  name: `GCM test case ${number}`,
  type: AES,
  key: zeros(keyLength),
  alg: GCM,
  nonce: zeros(12),
  additionalData: none,
  plaintext,
  sealed,
});

const KNOWN: readonly Known[] = [
  gcmCase(1, 16, none, "58e2fccefa7e3061367f1d57a4e7455a"),
  gcmCase(2, 16, zeros(16), "0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf"),
  gcmCase(7, 24, none, "cd33b28ac773f74ba00ed1f312572435"),
  gcmCase(8, 24, zeros(16), "98e7247c07f0fe411c267e4384b0f600 2ff58d80033927ab8ef4d4587514f0fb"),
  gcmCase(13, 32, none, "530f8afbc74536b9a963b4f1c4cb738b"),
  gcmCase(14, 32, zeros(16), "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"),
  {
    name: "CCM packet vector 1 (RFC 3610)",
    type: AES,
    key: hex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"),
    alg: { ...CCM, tagLength: 8 },
    nonce: hex("00000003020100a0a1a2a3a4a5"),
    additionalData: hex("0001020304050607"),
    plaintext: hex("08090a0b0c0d0e0f101112131415161718191a1b1c1d1e"),
    sealed: "588c979a61c663d2f066d0c2c0f989806d5f6b61dac384 17e8d12cfdf926e0",
  },
  {
    name: "ChaCha20-Poly1305 (RFC 8439, section 2.8.2)",
    type: { kind: "chacha20" },
    key: new Uint8Array(32).map((_, i) => 0x80 + i),
    alg: CHACHA,
    nonce: hex("070000004041424344454647"),
    additionalData: hex("50515253c0c1c2c3c4c5c6c7"),
    plaintext: text(
      "Ladies and Gentlemen of the class of '99: If I could offer you " +
        "only one tip for the future, sunscreen would be it.",
    ),
    sealed: "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6" +
      "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36" +
      "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc" +
      "3ff4def08e4b7a9de576d26586cec64b6116 1ae10b594f09e26a7e902ecbd0600691",
  },
  ...([
    [
      GCM,
      "289d75b7173b3af1661a01811c1d24d896592e9ee85ef6a560b368f8c752e1" +
      "1253e18a4d154a09d5d57a 9a1c30014e1a593d44f7fae2bf5d7bbaf4",
    ],
    [
      CCM,
      "956b2982d84d7286b827f01fe18d019324af49477d4393fbfa05413f01f769" +
      "58dfb9c7b3751d8856cabc 3fbd6e72b3f5fa2c75630f13a07bc63b18",
    ],
  ] as const).map(([alg, sealed]) => ({
    name: `recorded from the upstream service, mode ${alg.mode}`,
    type: AES,
    key: hex("000102030405060708090a0b0c0d0e0f"),
    alg,
    nonce: new Uint8Array(12).fill(3),
    additionalData: text("ad"),
    plaintext: text("The quick brown fox jumps over the lazy dog"),
    sealed,
  })),
];

Deno.test("known messages are sealed and opened as they should be", async (t) => {
  await using provider = openTestProvider();
  for (const { name, type, key: data, plaintext, sealed, ...message } of KNOWN) {
    await t.step(name, async () => {
      const key = await importedKey(provider, type, 0, data);
      const expected = hex(sealed);
      assert.equal((await seal(provider, key, message, plaintext)).toHex(), expected.toHex());
      assert.deepEqual(await open(provider, key, message, expected), plaintext);
    });
  }
});

Deno.test("GCM agrees with another library", async (t) => {
  await using provider = openTestProvider();
  for (const keyLength of [16, 32]) {
    const data = bytes(keyLength);
    const key = await importedKey(provider, AES, 0, data);
    for (const nonceLength of [12, 16]) {
      for (const length of [0, 1, 15, 16, 17, 1000]) {
        await t.step(`key ${keyLength}, nonce ${nonceLength}, ${length} bytes`, async () => {
          const message = { alg: GCM, nonce: bytes(nonceLength), additionalData: text("more") };
          const other = createCipheriv(
            `aes-${keyLength * 8}-gcm` as "aes-256-gcm",
            data,
            message.nonce,
          );
          other.setAAD(message.additionalData);
          const theirs = [other.update(bytes(length)), other.final(), other.getAuthTag()];
          const ours = await seal(provider, key, message, bytes(length));
          assert.equal(ours.toHex(), theirs.map((part) => part.toString("hex")).join(""));
        });
      }
    }
  }
});

Deno.test("messages of every shape are opened again, and no damage goes unnoticed", async (t) => {
  await using provider = openTestProvider();
  for (const { type, bits, mode } of AEAD_ROWS) {
    const { tagLengths, minNonce, maxNonce, maxServedNonce } = AEAD_LIMITS[mode];
    await t.step(`${type} ${bits}, mode ${mode}`, async () => {
      const key = await generatedKey(provider, { kind: type }, bits);
      for (const tagLength of tagLengths) {
        for (const nonceLength of new Set([minNonce, 12, maxServedNonce ?? maxNonce])) {
          for (const [length, additional] of [[0, 0], [0, 5], [1, 0], [33, 20]] as const) {
            const alg = { kind: "aead", mode, tagLength } as const;
            const message = { alg, nonce: bytes(nonceLength), additionalData: bytes(additional) };
            await checkSealing(provider, key, message, bytes(length));
          }
        }
      }
    });
  }
});

async function checkSealing(
  provider: TestProvider,
  key: Key,
  message: Message,
  plaintext: Uint8Array,
): Promise<void> {
  const sealed = await seal(provider, key, message, plaintext);
  assert.equal(sealed.length, plaintext.length + (message.alg.tagLength ?? 16));
  assert.deepEqual(await open(provider, key, message, sealed), plaintext);
  const turned = (array: Uint8Array, at: number) => array.with(at, (array[at] ?? 0) ^ 0x10);
  const { nonce, additionalData } = message;
  const damaged: readonly (readonly [Message, Uint8Array])[] = [
    [message, turned(sealed, 0)],
    [message, turned(sealed, sealed.length - 1)],
    [message, turned(sealed, plaintext.length)],
    [{ ...message, nonce: turned(nonce, 0) }, sealed],
    [{ ...message, additionalData: Uint8Array.of(...additionalData, 0) }, sealed],
  ];
  for (const [changed, ciphertext] of damaged) {
    await refused(PsaErrorInvalidSignature, () => open(provider, key, changed, ciphertext));
  }
}

Deno.test("no length of tag stands for the default of 16 bytes", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, AES, 128);
  const message = { alg: GCM, nonce: bytes(12), additionalData: none };
  const sealed = await seal(provider, key, message, bytes(5));
  assert.equal(sealed.length, 21);
  const explicit = { ...message, alg: { ...GCM, tagLength: 16 } };
  assert.deepEqual(await open(provider, key, explicit, sealed), bytes(5));
});

Deno.test("large messages go in and out", async (t) => {
  await using provider = openTestProvider();
  for (const { type, bits, mode } of AEAD_ROWS.filter(({ bits }) => bits === 256)) {
    await t.step(`mode ${mode}`, async () => {
      const key = await generatedKey(provider, { kind: type }, bits);
      const message = {
        alg: { kind: "aead", mode } as const,
        nonce: bytes(12),
        additionalData: bytes(70_000),
      };
      const plaintext = bytes(1_048_576);
      const sealed = await seal(provider, key, message, plaintext);
      assert.deepEqual(await open(provider, key, message, sealed), plaintext);
    });
  }
});

Deno.test("lengths that can't be right are refused", async (t) => {
  await using provider = openTestProvider();
  const aes = await generatedKey(provider, AES, 128);
  const chacha = await generatedKey(provider, { kind: "chacha20" }, 256);
  const withTag = (alg: Aead, tagLength: number): Aead => ({ ...alg, tagLength });
  const rows: readonly (readonly [string, Key, Aead, number])[] = [
    ["GCM, nonce of 0", aes, GCM, 0],
    ["GCM, tag of 0", aes, withTag(GCM, 0), 12],
    ["GCM, tag of 5", aes, withTag(GCM, 5), 12],
    ["GCM, tag of 17", aes, withTag(GCM, 17), 12],
    ["CCM, nonce of 6", aes, CCM, 6],
    ["CCM, nonce of 14", aes, CCM, 14],
    ["CCM, tag of 2", aes, withTag(CCM, 2), 12],
    ["CCM, tag of 5", aes, withTag(CCM, 5), 12],
    ["ChaCha20, nonce of 8", chacha, CHACHA, 8],
    ["ChaCha20, nonce of 11", chacha, CHACHA, 11],
    ["ChaCha20, nonce of 13", chacha, CHACHA, 13],
    ["ChaCha20, tag of 8", chacha, withTag(CHACHA, 8), 12],
  ];
  for (const [name, key, alg, nonceLength] of rows) {
    await t.step(name, async () => {
      const message = { alg, nonce: bytes(nonceLength), additionalData: none };
      await refused(PsaErrorInvalidArgument, () => seal(provider, key, message, bytes(5)));
      await refused(PsaErrorInvalidArgument, () => open(provider, key, message, bytes(40)));
    });
  }
  for (const [name, alg, length] of [["GCM", GCM, 15], ["CCM", CCM, 0]] as const) {
    await t.step(`${name}, less than a tag`, async () => {
      const message = { alg, nonce: bytes(12), additionalData: none };
      await refused(PsaErrorInvalidArgument, () => open(provider, aes, message, bytes(length)));
    });
  }
});

Deno.test("GCM nonces that are longer than libcrypto takes are not supported", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, AES, 128);
  const message = { alg: GCM, nonce: bytes(129), additionalData: none };
  await refused(PsaErrorNotSupported, () => seal(provider, key, message, bytes(5)));
  await refused(PsaErrorNotSupported, () => open(provider, key, message, bytes(40)));
});

Deno.test("CCM takes as many bytes as its nonce leaves room to count", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, AES, 128);
  const message = { alg: CCM, nonce: bytes(13), additionalData: none };
  await t.step("65535 bytes", async () => {
    const sealed = await seal(provider, key, message, bytes(65_535));
    assert.deepEqual(await open(provider, key, message, sealed), bytes(65_535));
  });
  await t.step("65536 bytes", async () => {
    await refused(PsaErrorInvalidArgument, () => seal(provider, key, message, bytes(65_536)));
    await refused(PsaErrorInvalidArgument, () => open(provider, key, message, bytes(65_552)));
  });
});

Deno.test("a refused message leaves nothing behind for the next one", async () => {
  await using provider = openTestProvider();
  const aes = await importedKey(provider, AES, 0, zeros(16));
  const chacha = await generatedKey(provider, { kind: "chacha20" }, 256);
  const message = { alg: GCM, nonce: zeros(12), additionalData: none };
  const wrong = { alg: CHACHA, nonce: bytes(12), additionalData: text("x") };
  for (let i = 0; i < 3; i++) {
    await refused(PsaErrorInvalidSignature, () => open(provider, aes, message, bytes(20)));
    await refused(PsaErrorInvalidSignature, () => open(provider, chacha, wrong, bytes(20)));
    const sealed = await seal(provider, aes, message, none);
    assert.equal(sealed.toHex(), "58e2fccefa7e3061367f1d57a4e7455a");
  }
});

Deno.test("an AEAD that is not the key's is not supported", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, AES, 256);
  const message = { alg: CHACHA, nonce: bytes(12), additionalData: none };
  await refused(PsaErrorNotSupported, () => seal(provider, key, message, bytes(5)));
  assert.equal(provider.registry.supportsAlgorithm(CHACHA, AES, 256), false);
  assert.equal(provider.registry.supportsAlgorithm({ ...GCM, tagLength: 5 }, AES, 256), false);
  assert.equal(provider.registry.supportsAlgorithm({ ...GCM, tagLength: 8 }, AES, 256), true);
});

Deno.test("the AEAD suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
