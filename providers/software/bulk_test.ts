import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { AeadMode, CipherMode } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import { EccFamily, type KeyType } from "../../src/psa/key_type.ts";
import { ResponseStatus } from "../../src/status.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
  refused,
} from "../../tests/fakes/software_provider.ts";
import { LONG_MESSAGE } from "./bulk.ts";

const AES: KeyType = { kind: "aes" };
const GCM = { kind: "aead", mode: AeadMode.Gcm } as const;
const CCM = { kind: "aead", mode: AeadMode.Ccm } as const;
const CBC = { kind: "cipher", mode: CipherMode.CbcPkcs7 } as const;
const HMAC = { kind: "hmac", hash: Hash.Sha256 } as const;
const keyName = "key";
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i * 3 + (i >> 8));
const nonce = bytes(12);
const none = new Uint8Array();

/** Around the length at which a message becomes a long one. */
const LENGTHS = [LONG_MESSAGE - 1, LONG_MESSAGE, LONG_MESSAGE + 1] as const;
const isLong = (length: number) => length >= LONG_MESSAGE;

Deno.test("hashes of short and long messages are the same library's", async (t) => {
  await using provider = openTestProvider();
  const { primitives } = provider;
  for (const length of LENGTHS) {
    await t.step(`${length} bytes`, async () => {
      const input = bytes(length);
      const expected = createHash("sha256").update(input).digest("hex");
      const computing = primitives.PsaHashCompute({ alg: Hash.Sha256, input });
      assert.equal(computing instanceof Promise, isLong(length));
      const { hash } = await computing;
      assert.equal(hash.toHex(), expected);
      assert.deepEqual(await primitives.PsaHashCompare({ alg: Hash.Sha256, input, hash }), {});
      await refused(
        ResponseStatus.PsaErrorInvalidSignature,
        () => primitives.PsaHashCompare({ alg: Hash.Sha256, input, hash: hash.with(0, 0) }),
      );
    });
  }
});

Deno.test("long messages are signed and verified", async () => {
  await using provider = openTestProvider();
  const { primitives } = provider;
  const key = await generatedKey(provider, { kind: "ecc_key_pair", family: EccFamily.SecpR1 }, 256);
  const alg = { kind: "ecdsa", hash: Hash.Sha256 } as const;
  const message = bytes(LONG_MESSAGE);
  const { signature } = await primitives.PsaSignMessage(key, { keyName, alg, message });
  const operation = { keyName, alg, message, signature };
  assert.deepEqual(await primitives.PsaVerifyMessage(key, operation), {});
  await refused(
    ResponseStatus.PsaErrorInvalidSignature,
    () => primitives.PsaVerifyMessage(key, { ...operation, message: message.with(9, 0xee) }),
  );
});

Deno.test("MACs of short and long messages are the same library's", async (t) => {
  await using provider = openTestProvider();
  const { primitives } = provider;
  const key = await importedKey(provider, { kind: "hmac" }, 0, bytes(32));
  for (const length of LENGTHS) {
    await t.step(`${length} bytes`, async () => {
      const input = bytes(length);
      const computing = primitives.PsaMacCompute(key, { keyName, alg: HMAC, input });
      assert.equal(computing instanceof Promise, isLong(length));
      const { mac } = await computing;
      assert.equal(mac.toHex(), createHmac("sha256", bytes(32)).update(input).digest("hex"));
      assert.deepEqual(await primitives.PsaMacVerify(key, { keyName, alg: HMAC, input, mac }), {});
      await refused(
        ResponseStatus.PsaErrorInvalidSignature,
        () => primitives.PsaMacVerify(key, { keyName, alg: HMAC, input: input.with(0, 9), mac }),
      );
    });
  }
});

Deno.test("short and long messages are sealed and opened, and damage is noticed", async (t) => {
  await using provider = openTestProvider();
  const { primitives } = provider;
  const key = await generatedKey(provider, AES, 256);
  const shapes = [
    ...LENGTHS.map((length) => [length, 0] as const),
    [5, LONG_MESSAGE] as const,
    [LONG_MESSAGE, LONG_MESSAGE] as const,
  ];
  for (const alg of [GCM, CCM]) {
    for (const [length, additional] of shapes) {
      await t.step(`mode ${alg.mode}, ${length} bytes and ${additional} more`, async () => {
        const message = { keyName, alg, nonce, additionalData: bytes(additional) };
        const plaintext = bytes(length);
        const sealing = primitives.PsaAeadEncrypt(key, { ...message, plaintext });
        assert.equal(sealing instanceof Promise, isLong(length + additional));
        const { ciphertext } = await sealing;
        const opened = await primitives.PsaAeadDecrypt(key, { ...message, ciphertext });
        assert.deepEqual(opened.plaintext, plaintext);
        for (const at of [0, length, length + 15]) {
          const damaged = ciphertext.with(at, (ciphertext[at] ?? 0) ^ 1);
          await refused(
            ResponseStatus.PsaErrorInvalidSignature,
            () => primitives.PsaAeadDecrypt(key, { ...message, ciphertext: damaged }),
          );
        }
      });
    }
  }
});

Deno.test("short and long messages are encrypted and decrypted", async (t) => {
  await using provider = openTestProvider();
  const { primitives } = provider;
  const key = await generatedKey(provider, AES, 256);
  for (const length of LENGTHS) {
    await t.step(`${length} bytes`, async () => {
      const operation = { keyName, alg: CBC, plaintext: bytes(length) };
      const encrypting = primitives.PsaCipherEncrypt(key, operation);
      assert.equal(encrypting instanceof Promise, isLong(length));
      const { ciphertext } = await encrypting;
      const found = await primitives.PsaCipherDecrypt(key, { keyName, alg: CBC, ciphertext });
      assert.deepEqual(found.plaintext, bytes(length));
    });
  }
  await t.step("wrong padding of a long message", async () => {
    const ciphertext = bytes(LONG_MESSAGE + 16);
    await refused(
      ResponseStatus.PsaErrorInvalidPadding,
      () => primitives.PsaCipherDecrypt(key, { keyName, alg: CBC, ciphertext }),
    );
  });
});

Deno.test("a key that is destroyed while long messages wait has still been used for them", async () => {
  await using provider = openTestProvider();
  const { primitives } = provider;
  const secret = bytes(32);
  const aes = await importedKey(provider, AES, 0, secret);
  const hmac = await importedKey(provider, { kind: "hmac" }, 0, secret);
  const plaintext = bytes(LONG_MESSAGE);
  const message = { keyName, alg: GCM, nonce, additionalData: none };
  // More than there are permits: some have to wait.
  const sealing = Array.from(
    { length: 12 },
    () => primitives.PsaAeadEncrypt(aes, { ...message, plaintext }),
  );
  const computing = Array.from(
    { length: 12 },
    () => primitives.PsaMacCompute(hmac, { keyName, alg: HMAC, input: plaintext }),
  );
  await provider.keys.destroyKey(aes);
  await provider.keys.destroyKey(hmac);
  const again = await importedKey(provider, AES, 0, secret);
  for (const { ciphertext } of await Promise.all(sealing)) {
    const opened = await primitives.PsaAeadDecrypt(again, { ...message, ciphertext });
    assert.deepEqual(opened.plaintext, plaintext);
  }
  const expected = createHmac("sha256", secret).update(plaintext).digest("hex");
  for (const { mac } of await Promise.all(computing)) assert.equal(mac.toHex(), expected);
});

Deno.test("the suite of long messages leaves no handle behind", () => {
  assert.equal(liveHandles().size, 0);
});
