/** PsaCipherEncrypt and PsaCipherDecrypt: AES, by TPM2_EncryptDecrypt2. The IV is random and comes first. */
import { encryptDecrypt } from "../../ffi/tss2/mod.ts";
import type { Cipher } from "../../src/psa/algorithm.ts";
import type { Key, Primitives } from "../../src/provider.ts";
import { AES_BLOCK, type CipherRow } from "./algorithms.ts";
import { type Engine, laneOf } from "./engine.ts";
import { randomFrom } from "./random.ts";
import { invalidArgument, invalidPadding, notSupported } from "./refusals.ts";

export function cipherPrimitives(
  engine: Engine,
): Required<Pick<Primitives, "PsaCipherEncrypt" | "PsaCipherDecrypt">> {
  return {
    async PsaCipherEncrypt(key, { alg, plaintext }) {
      const row = rowFor(engine, key, alg);
      const data = row.padded ? withPadding(plaintext) : plaintext;
      requireBlocks(row, data.length);
      const iv = await engine.connection.run(laneOf(key), (tpm) => randomFrom(tpm, row.ivLength));
      const ciphertext = new Uint8Array(iv.length + data.length);
      ciphertext.set(iv);
      await crypt(engine, key, { row, direction: "encrypt", iv, data }, ciphertext);
      if (row.padded) data.fill(0);
      return { ciphertext };
    },
    async PsaCipherDecrypt(key, { alg, ciphertext }) {
      const row = rowFor(engine, key, alg);
      if (ciphertext.length < row.ivLength) {
        throw invalidArgument(
          `Cannot decrypt ${ciphertext.length} bytes: wanted at least the IV's ${row.ivLength}`,
        );
      }
      const iv = ciphertext.slice(0, row.ivLength);
      const data = ciphertext.subarray(row.ivLength);
      requireBlocks(row, data.length);
      const plaintext = new Uint8Array(data.length);
      await crypt(engine, key, { row, direction: "decrypt", iv, data }, plaintext);
      return { plaintext: row.padded ? withoutPadding(plaintext) : plaintext };
    },
  };
}

interface Crypt {
  readonly row: CipherRow;
  readonly direction: "encrypt" | "decrypt";
  readonly iv: Uint8Array;
  readonly data: Uint8Array;
}

/** A turn for each buffer of data; the result goes to the end of `output`. */
async function crypt(
  { connection, loader, inputBuffer }: Engine,
  key: Key,
  { row, direction, iv: firstIv, data }: Crypt,
  output: Uint8Array,
): Promise<void> {
  const start = output.length - data.length;
  const most = inputBuffer - inputBuffer % AES_BLOCK;
  let iv = firstIv;
  for (let at = 0; at < data.length; at += most) {
    const step = { direction, mode: row.algorithm, iv, data: data.subarray(at, at + most) };
    const result = await connection.run(laneOf(key), async (tpm) => {
      const object = await loader.load(tpm, key);
      return await tpm.secured((context, session) =>
        encryptDecrypt(context, [session], object, step)
      );
    });
    output.set(result.data, start + at);
    result.data.fill(0);
    iv = result.iv;
  }
}

function rowFor({ registry }: Engine, { attributes: { type } }: Key, alg: Cipher): CipherRow {
  if (type.kind !== "aes") throw notSupported(`Cannot encrypt with ${type.kind}: not with a TPM`);
  return registry.cipher(alg.mode);
}

function requireBlocks({ wholeBlocks, padded }: CipherRow, length: number): void {
  if (!wholeBlocks || (length % AES_BLOCK === 0 && (!padded || length > 0))) return;
  throw invalidArgument(`Cannot use ${length} bytes: wanted whole blocks of ${AES_BLOCK}`);
}

/** PKCS#7 (RFC 5652, section 6.3). */
function withPadding(plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = AES_BLOCK - plaintext.length % AES_BLOCK;
  const padded = new Uint8Array(plaintext.length + length).fill(length);
  padded.set(plaintext);
  return padded;
}

/** @throws {StatusError} PsaErrorInvalidPadding, alike for all causes. */
function withoutPadding(padded: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = padded.at(-1) ?? 0;
  let wrong = length === 0 || length > AES_BLOCK ? 1 : 0;
  for (let i = 1; i <= AES_BLOCK; i++) {
    // Looks at a whole block: how much of it is padding must not be told by the time.
    const inPadding = (i - length - 1) >> 31 & 1;
    wrong |= inPadding & ((padded.at(-i) ?? 0) === length ? 0 : 1);
  }
  const plaintext = wrong === 0 ? padded.slice(0, padded.length - length) : undefined;
  padded.fill(0);
  if (plaintext === undefined) throw invalidPadding();
  return new Uint8Array(plaintext);
}
