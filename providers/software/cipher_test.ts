import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { type Cipher, CipherMode } from "../../src/psa/algorithm.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import type { Key } from "../../src/provider.ts";
import { ResponseStatus } from "../../src/status.ts";
import { type Requirement, testNeeding } from "../../tests/requirements.ts";
import { OpensslCommand } from "../../tests/fakes/openssl_command.ts";
import {
  generatedKey,
  HAS_LEGACY_PROVIDER,
  importedKey,
  openTestProvider,
  refused,
  type TestProvider,
} from "../../tests/fakes/software_provider.ts";
import { CIPHER_ROWS, type CipherRow } from "./algorithms.ts";

const { PsaErrorInvalidArgument, PsaErrorInvalidPadding, PsaErrorNotSupported } = ResponseStatus;
const AES: KeyType = { kind: "aes" };
const hex = (value: string) => Uint8Array.fromHex(value.replaceAll(" ", ""));
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i * 3 + 1);
const algorithm = (mode: CipherMode): Cipher => ({ kind: "cipher", mode });

async function encrypt(
  { primitives }: TestProvider,
  key: Key,
  mode: CipherMode,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const operation = { keyName: "key", alg: algorithm(mode), plaintext };
  return (await primitives.PsaCipherEncrypt(key, operation)).ciphertext;
}

async function decrypt(
  { primitives }: TestProvider,
  key: Key,
  mode: CipherMode,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const operation = { keyName: "key", alg: algorithm(mode), ciphertext };
  return (await primitives.PsaCipherDecrypt(key, operation)).plaintext;
}

interface Known {
  readonly name: string;
  readonly mode: CipherMode;
  readonly key: string;
  readonly iv: string;
  readonly plaintext: string;
  readonly ciphertext: string;
}

const SP800_38A = {
  key: "2b7e151628aed2a6abf7158809cf4f3c",
  iv: "000102030405060708090a0b0c0d0e0f",
  plaintext: "6bc1bee22e409f96e93d7e117393172a",
};
const KNOWN: readonly Known[] = [
  {
    ...SP800_38A,
    name: "SP 800-38A, F.1.1, ECB",
    mode: CipherMode.EcbNoPadding,
    iv: "",
    ciphertext: "3ad77bb40d7a3660a89ecaf32466ef97",
  },
  {
    ...SP800_38A,
    name: "SP 800-38A, F.2.1, CBC",
    mode: CipherMode.CbcNoPadding,
    ciphertext: "7649abac8119b246cee98e9b12e9197d",
  },
  {
    ...SP800_38A,
    name: "SP 800-38A, F.3.13, CFB128",
    mode: CipherMode.Cfb,
    ciphertext: "3b3fd92eb72dad20333449f8e83cfb4a",
  },
  {
    ...SP800_38A,
    name: "SP 800-38A, F.4.1, OFB",
    mode: CipherMode.Ofb,
    ciphertext: "3b3fd92eb72dad20333449f8e83cfb4a",
  },
  {
    ...SP800_38A,
    name: "SP 800-38A, F.5.1, CTR",
    mode: CipherMode.Ctr,
    iv: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    ciphertext: "874d6191b620e3261bef6864990db6ce",
  },
  {
    name: "IEEE 1619, vector 2, XTS",
    mode: CipherMode.Xts,
    key: "11".repeat(16) + "22".repeat(16),
    iv: "3333333333" + "00".repeat(11),
    plaintext: "44".repeat(32),
    ciphertext: "c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0",
  },
  {
    name: "IEEE 1619, vector 10, XTS with AES-256, its first block",
    mode: CipherMode.Xts,
    key: "2718281828459045235360287471352662497757247093699959574966967627" +
      "3141592653589793238462643383279502884197169399375105820974944592",
    iv: "ff" + "00".repeat(15),
    plaintext: "000102030405060708090a0b0c0d0e0f",
    ciphertext: "1c3b3a102f770386e4836c99e370cf9b",
  },
];

Deno.test("PsaCipherDecrypt gives the known plaintexts", async (t) => {
  await using provider = openTestProvider();
  for (const { name, mode, key: data, iv, plaintext, ciphertext } of KNOWN) {
    await t.step(name, async () => {
      const key = await importedKey(provider, AES, 0, hex(data));
      const found = await decrypt(provider, key, mode, hex(iv + ciphertext));
      assert.equal(found.toHex(), plaintext);
    });
  }
});

/** The rows that this libcrypto has, with one size of each. */
async function servedRows(): Promise<readonly (CipherRow & { readonly bits: number })[]> {
  await using provider = openTestProvider();
  const rows = CIPHER_ROWS.map((row) => ({ ...row, bits: row.bits === "any" ? 128 : row.bits }));
  const isServed = ({ type, bits, mode }: typeof rows[number]) =>
    provider.registry.supportsAlgorithm(algorithm(mode), { kind: type }, bits);
  const lacking = rows.filter((row) => !isServed(row)).map(({ cipher }) => cipher);
  const legacy = (cipher: string) => cipher === "RC4" || /^DES-[^E]|^DES-ECB/.test(cipher);
  assert.ok(lacking.every((cipher) => !HAS_LEGACY_PROVIDER && legacy(cipher)), lacking.join());
  return rows.filter(isServed);
}

/** Lengths that a row can encrypt. */
function lengthsOf({ cipher, mode, minLength = 0 }: CipherRow): readonly number[] {
  const block = cipher.startsWith("DES") ? 8 : 16;
  const whole = mode === CipherMode.EcbNoPadding || mode === CipherMode.CbcNoPadding;
  return [0, 1, 8, 15, 16, 17, 32, 33, 48, 1000, 4096]
    .filter((length) => length >= minLength && (!whole || length % block === 0));
}

Deno.test("messages of each mode and length come back, behind another IV each time", async (t) => {
  await using provider = openTestProvider();
  for (const row of await servedRows()) {
    await t.step(
      `${row.type} ${row.bits}, ${row.cipher}, ${row.padding ?? "no padding"}`,
      async () => {
        const key = await generatedKey(provider, { kind: row.type }, row.bits);
        for (const length of lengthsOf(row)) {
          const first = await encrypt(provider, key, row.mode, bytes(length));
          const second = await encrypt(provider, key, row.mode, bytes(length));
          assert.deepEqual(await decrypt(provider, key, row.mode, first), bytes(length));
          assert.deepEqual(await decrypt(provider, key, row.mode, second), bytes(length));
          if (row.ivLength > 0) {
            assert.notDeepEqual(first.subarray(0, row.ivLength), second.subarray(0, row.ivLength));
          }
          if (row.padding === undefined) assert.equal(first.length, row.ivLength + length);
        }
      },
    );
  }
});

Deno.test("PsaCipherEncrypt is decrypted by the openssl command", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  // The command has no XTS.
  for (const row of (await servedRows()).filter(({ mode }) => mode !== CipherMode.Xts)) {
    await t.step(
      `${row.type} ${row.bits}, ${row.cipher}, ${row.padding ?? "no padding"}`,
      async () => {
        const key = await generatedKey(provider, { kind: row.type }, row.bits);
        const data = await provider.keys.exportKey(key);
        const message = await encrypt(provider, key, row.mode, bytes(48));
        openssl.write("in", message.subarray(row.ivLength));
        const counter = row.cipher === "ChaCha20" ? "00000000" : "";
        const iv = counter + message.subarray(0, row.ivLength).toHex();
        openssl.must(
          ..."enc -d -provider legacy -provider default".split(" "),
          ...[`-${row.cipher}`, "-in", "in", "-out", "out", "-K", data.toHex()],
          ...(iv === "" ? [] : ["-iv", iv]),
          ...(row.padding === undefined ? ["-nopad"] : []),
        );
        assert.deepEqual(openssl.read("out"), bytes(48));
      },
    );
  }
});

Deno.test("lengths that can't be right are refused", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, AES, 256);
  const { EcbNoPadding, CbcNoPadding, CbcPkcs7, Ctr, Xts } = CipherMode;
  for (const [mode, length] of [[EcbNoPadding, 15], [CbcNoPadding, 17], [Xts, 15]] as const) {
    await t.step(
      `encrypt, mode ${mode}, ${length} bytes`,
      () => refused(PsaErrorInvalidArgument, () => encrypt(provider, key, mode, bytes(length))),
    );
  }
  const rows = [
    [EcbNoPadding, 15],
    [CbcNoPadding, 0],
    [CbcNoPadding, 15],
    [CbcNoPadding, 33],
    [CbcPkcs7, 15],
    [CbcPkcs7, 31],
    [Ctr, 15],
    [Xts, 31],
  ] as const;
  for (const [mode, length] of rows) {
    await t.step(
      `decrypt, mode ${mode}, ${length} bytes`,
      () => refused(PsaErrorInvalidArgument, () => decrypt(provider, key, mode, bytes(length))),
    );
  }
});

Deno.test("wrong padding is refused alike, whatever is wrong with it", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, AES, 128);
  const { CbcNoPadding, CbcPkcs7 } = CipherMode;
  const padded = (...last: readonly number[]) => Uint8Array.of(...bytes(16 - last.length), ...last);
  await t.step("right padding", async () => {
    const message = await encrypt(provider, key, CbcNoPadding, padded(3, 3, 3));
    assert.deepEqual(await decrypt(provider, key, CbcPkcs7, message), bytes(13));
  });
  for (const last of [[0], [17], [255], [2, 3, 3], [3, 2]]) {
    await t.step(last.join(" "), async () => {
      const message = await encrypt(provider, key, CbcNoPadding, padded(...last));
      await refused(PsaErrorInvalidPadding, () => decrypt(provider, key, CbcPkcs7, message));
    });
  }
  await t.step(
    "no block at all",
    () => refused(PsaErrorInvalidPadding, () => decrypt(provider, key, CbcPkcs7, bytes(16))),
  );
});

Deno.test("XTS refuses more than 16 MiB, and doesn't call that wrong padding", async () => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, AES, 256);
  const { Xts } = CipherMode;
  const tooLong = new Uint8Array(16 + 16 * 1024 * 1024 + 16);
  await refused(PsaErrorInvalidArgument, () => encrypt(provider, key, Xts, tooLong.subarray(16)));
  await refused(PsaErrorInvalidArgument, () => decrypt(provider, key, Xts, tooLong));
});

Deno.test("XTS refuses a key whose halves are the same", async () => {
  await using provider = openTestProvider();
  const key = await importedKey(provider, AES, 256, new Uint8Array(32).fill(7));
  await refused(
    PsaErrorInvalidArgument,
    () => encrypt(provider, key, CipherMode.Xts, bytes(32)),
  );
});

/** RFC 6229, section 2: the first bytes of the key stream. */
const ARC4_STREAMS: readonly (readonly [string, string])[] = [
  ["0102030405", "b2396305f03dc027ccc3524a0a1118a8"],
  ["0102030405060708090a0b0c0d0e0f10", "9ac7cc9a609d1ef7b2932899cde41b97"],
  [
    "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
    "eaa6bd25880bf93d3f5d1e4ca2611d91",
  ],
];

const LEGACY_PROVIDER: Requirement = {
  missing: () => HAS_LEGACY_PROVIDER ? undefined : "libcrypto is without its legacy provider",
};

testNeeding(LEGACY_PROVIDER, "ARC4 takes keys of several lengths", async (t) => {
  await using provider = openTestProvider();
  for (const [data, stream] of ARC4_STREAMS) {
    await t.step(`${data.length * 4} bits`, async () => {
      const key = await importedKey(provider, { kind: "arc4" }, 0, hex(data));
      const found = await encrypt(provider, key, CipherMode.StreamCipher, new Uint8Array(16));
      assert.equal(found.toHex(), stream);
      assert.deepEqual(
        await decrypt(provider, key, CipherMode.StreamCipher, found),
        new Uint8Array(16),
      );
    });
  }
  await t.step("the longest key", async () => {
    const key = await generatedKey(provider, { kind: "arc4" }, 2048);
    const found = await encrypt(provider, key, CipherMode.StreamCipher, bytes(100));
    assert.deepEqual(await decrypt(provider, key, CipherMode.StreamCipher, found), bytes(100));
  });
});

Deno.test("modes that a key does not have are not supported", async (t) => {
  await using provider = openTestProvider();
  const rows: readonly (readonly [KeyType, number, CipherMode])[] = [
    [AES, 128, CipherMode.StreamCipher],
    [AES, 128, CipherMode.Xts],
    [{ kind: "chacha20" }, 256, CipherMode.Ctr],
    [{ kind: "des" }, 192, CipherMode.Ctr],
  ];
  for (const [type, bits, mode] of rows) {
    await t.step(`${type.kind} ${bits}, mode ${mode}`, async () => {
      const key = await generatedKey(provider, type, bits);
      assert.equal(provider.registry.supportsAlgorithm(algorithm(mode), type, bits), false);
      await refused(PsaErrorNotSupported, () => encrypt(provider, key, mode, bytes(16)));
      await refused(PsaErrorNotSupported, () => decrypt(provider, key, mode, bytes(32)));
    });
  }
});

Deno.test("the cipher suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
