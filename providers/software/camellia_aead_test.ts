/**
 * Camellia in GCM and CCM against the two modes written down from their specifications (SP 800-38D, RFC 3610),
 * with blocks that the openssl command encrypts.
 */
import assert from "node:assert/strict";
import { liveHandles } from "../../ffi/runtime/handle.ts";
import { type Aead, AeadMode } from "../../src/psa/algorithm.ts";
import { OpensslCommand } from "../../tests/fakes/openssl_command.ts";
import {
  generatedKey,
  importedKey,
  openTestProvider,
} from "../../tests/fakes/software_provider.ts";

const BLOCK = 16;
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i * 5 + 2);

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0));
}

/** Filled up with zeros to whole blocks. */
function padded(data: Uint8Array): Uint8Array {
  return concat(data, new Uint8Array((BLOCK - data.length % BLOCK) % BLOCK));
}

function bigEndian(value: number, length: number): Uint8Array {
  return Uint8Array.fromHex(value.toString(16).padStart(2 * length, "0"));
}

class Camellia {
  readonly #openssl: OpensslCommand;
  readonly #key: Uint8Array;

  constructor(openssl: OpensslCommand, key: Uint8Array) {
    this.#openssl = openssl;
    this.#key = key;
  }

  encrypt(mode: "ecb" | "cbc", blocks: Uint8Array): Uint8Array {
    this.#openssl.write("in", blocks);
    this.#openssl.must(
      ...["enc", `-camellia-${this.#key.length * 8}-${mode}`, "-nopad", "-in", "in", "-out", "out"],
      ...["-K", this.#key.toHex(), ...(mode === "cbc" ? ["-iv", "00".repeat(BLOCK)] : [])],
    );
    return this.#openssl.read("out");
  }
}

const numberOf = (block: Uint8Array) => BigInt(`0x${block.toHex()}`);

/** SP 800-38D, algorithm 1: the first bit is the coefficient of 1. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let factor = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ (0xe1n << 120n) : factor >> 1n;
  }
  return product;
}

function ghash(h: bigint, data: Uint8Array): Uint8Array {
  let y = 0n;
  for (let at = 0; at < data.length; at += BLOCK) {
    y = multiply(y ^ numberOf(data.subarray(at, at + BLOCK)), h);
  }
  return Uint8Array.fromHex(y.toString(16).padStart(2 * BLOCK, "0"));
}

interface Message {
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly tagLength: number;
}

/** With a nonce of 12 bytes. */
function gcm(cipher: Camellia, { nonce, additionalData, plaintext, tagLength }: Message) {
  const count = Math.ceil(plaintext.length / BLOCK);
  const counters = Array.from({ length: count + 1 }, (_, i) => concat(nonce, bigEndian(i + 1, 4)));
  const encrypted = cipher.encrypt("ecb", concat(new Uint8Array(BLOCK), ...counters));
  const ciphertext = xor(plaintext, encrypted.subarray(2 * BLOCK));
  const lengths = concat(
    bigEndian(additionalData.length * 8, 8),
    bigEndian(ciphertext.length * 8, 8),
  );
  const h = numberOf(encrypted.subarray(0, BLOCK));
  const hash = ghash(h, concat(padded(additionalData), padded(ciphertext), lengths));
  const tag = xor(hash, encrypted.subarray(BLOCK, 2 * BLOCK));
  return concat(ciphertext, tag.subarray(0, tagLength));
}

/** With fewer than 0xff00 bytes of additional data. */
function ccm(cipher: Camellia, { nonce, additionalData, plaintext, tagLength }: Message) {
  const lengthBytes = 15 - nonce.length;
  const count = Math.ceil(plaintext.length / BLOCK);
  const counters = Array.from(
    { length: count + 1 },
    (_, i) => concat(Uint8Array.of(lengthBytes - 1), nonce, bigEndian(i, lengthBytes)),
  );
  const stream = cipher.encrypt("ecb", concat(...counters));
  const hasData = additionalData.length > 0;
  const flags = (hasData ? 64 : 0) + 8 * (tagLength - 2) / 2 + lengthBytes - 1;
  const authenticated = concat(
    concat(Uint8Array.of(flags), nonce, bigEndian(plaintext.length, lengthBytes)),
    hasData
      ? padded(concat(bigEndian(additionalData.length, 2), additionalData))
      : new Uint8Array(),
    padded(plaintext),
  );
  const mac = cipher.encrypt("cbc", authenticated).slice(-BLOCK);
  const tag = xor(mac, stream.subarray(0, BLOCK)).subarray(0, tagLength);
  return concat(xor(plaintext, stream.subarray(BLOCK)), tag);
}

Deno.test("Camellia messages are sealed as the specifications of the modes say", async (t) => {
  await using provider = openTestProvider();
  using openssl = new OpensslCommand();
  const modes = [[AeadMode.Gcm, gcm, [12]], [AeadMode.Ccm, ccm, [7, 12, 13]]] as const;
  for (const bits of [128, 192, 256]) {
    const data = bytes(bits / 8);
    const key = await importedKey(provider, { kind: "camellia" }, bits, data);
    const cipher = new Camellia(openssl, data);
    for (const [mode, reference, nonceLengths] of modes) {
      for (const nonceLength of nonceLengths) {
        for (
          const [length, additional, tagLength] of [[0, 0, 16], [0, 20, 16], [33, 0, 8], [
            64,
            40,
            4,
          ]] as const
        ) {
          await t.step(
            `${bits} bits, mode ${mode}, ${[nonceLength, length, additional, tagLength]}`,
            async () => {
              const alg: Aead = { kind: "aead", mode, tagLength };
              const parts = {
                nonce: bytes(nonceLength),
                additionalData: bytes(additional),
                plaintext: bytes(length),
              };
              const { ciphertext } = await provider.primitives.PsaAeadEncrypt(key, {
                keyName: "key",
                alg,
                ...parts,
              });
              const expected = reference(cipher, { ...parts, tagLength });
              assert.equal(ciphertext.toHex(), expected.toHex());
            },
          );
        }
      }
    }
  }
});

Deno.test("long Camellia messages are sealed and opened on another thread", async (t) => {
  await using provider = openTestProvider();
  const key = await generatedKey(provider, { kind: "camellia" }, 256);
  for (const mode of [AeadMode.Gcm, AeadMode.Ccm]) {
    await t.step(`mode ${mode}`, async () => {
      const message = {
        keyName: "key",
        alg: { kind: "aead", mode } as const,
        nonce: bytes(12),
        additionalData: bytes(70_000),
      };
      const sealing = provider.primitives.PsaAeadEncrypt(key, {
        ...message,
        plaintext: bytes(70_000),
      });
      assert.ok(sealing instanceof Promise);
      const { ciphertext } = await sealing;
      const { plaintext } = await provider.primitives.PsaAeadDecrypt(key, {
        ...message,
        ciphertext,
      });
      assert.deepEqual(plaintext, bytes(70_000));
      await assert.rejects(async () =>
        await provider.primitives.PsaAeadDecrypt(key, {
          ...message,
          ciphertext: ciphertext.with(0, (ciphertext[0] ?? 0) ^ 1),
        })
      );
    });
  }
});

Deno.test("the Camellia suite leaves no handle behind", () => assert.equal(liveHandles().size, 0));
