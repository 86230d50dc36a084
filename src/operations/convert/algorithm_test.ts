import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { psa_algorithm } from "../../../proto/generated/contracts.js";
import { AeadMode, Agreement, CipherMode } from "../../psa/algorithm.ts";
import { Hash } from "../../psa/hash.ts";
import { ResponseStatus, StatusError } from "../../status.ts";
import { decodeMessage, encodeMessage } from "../define_codec.ts";
import { ALGORITHMS } from "../../../tests/fakes/operation_samples.ts";
import { decodeAlgorithm, encodeAlgorithm } from "./algorithm.ts";

const { Algorithm } = psa_algorithm;

function isInvalidEncoding(error: unknown): boolean {
  return error instanceof StatusError && error.status === ResponseStatus.InvalidEncoding;
}

Deno.test("decodeAlgorithm() gives back what encodeAlgorithm() was given, for every algorithm", () => {
  ok(ALGORITHMS.length > 300);
  for (const algorithm of ALGORITHMS) {
    const bytes = encodeMessage(Algorithm, encodeAlgorithm(algorithm));
    deepStrictEqual(decodeAlgorithm(decodeMessage(Algorithm, bytes)), algorithm);
  }
});

Deno.test("encodeAlgorithm() gives different bytes for different algorithms", () => {
  const encodings = ALGORITHMS.map((a) => encodeMessage(Algorithm, encodeAlgorithm(a)).toHex());
  strictEqual(new Set(encodings).size, ALGORITHMS.length);
});

Deno.test("the numbers of the algorithms' enumerations are those of the contract", async (t) => {
  const pairs = [
    ["Hash", Hash, Algorithm.Hash],
    ["Cipher", CipherMode, Algorithm.Cipher],
    ["Aead", AeadMode, Algorithm.Aead.AeadWithDefaultLengthTag],
    ["KeyAgreement.Raw", Agreement, Algorithm.KeyAgreement.Raw],
  ] as const;
  for (const [name, ours, contract] of pairs) {
    await t.step(name, () => {
      const plain = (text: string) => text.replaceAll("_", "").toLowerCase();
      const named = Object.entries(ours).map(([key, code]) => [plain(key), code]);
      const wanted = Object.entries(contract).map(([key, code]) => [plain(key), code]);
      deepStrictEqual(named, wanted.filter(([, code]) => code !== 0));
    });
  }
});

Deno.test("decodeAlgorithm() refuses what has no meaning", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    "no member": "",
    "hash 0": "1000",
    "hash 16": "1010",
    "a negative hash": "10ffffffffffffffffff01",
    "a MAC without a member": "1a00",
    "a MAC of full length without a member": "1a020a00",
    "HMAC without a hash": "1a040a020a00",
    "a truncated MAC without its algorithm": "1a0412021004",
    "cipher 0": "2000",
    "cipher 9": "2009",
    "an AEAD without a member": "2a00",
    "AEAD 0": "2a020800",
    "AEAD 4": "2a020804",
    "a shortened AEAD without its algorithm": "2a041202100c",
    "a signature without a member": "3200",
    "a signature without a hash message": "32020a00",
    "a signature whose hash has no member": "32040a020a00",
    "a signature with hash 0": "32060a040a021000",
    "an asymmetric encryption without a member": "3a00",
    "OAEP without a hash": "3a021200",
    "a key agreement without a member": "4200",
    "raw key agreement 0": "42020800",
    "raw key agreement 3": "42020803",
    "a key agreement without its derivation": "420412020802",
    "a key derivation without a member": "4a00",
    "HKDF without a hash": "4a020a00",
  };
  for (const [name, hex] of Object.entries(cases)) {
    await t.step(name, () => {
      const message = decodeMessage(Algorithm, Uint8Array.fromHex(hex));
      throws(() => decodeAlgorithm(message), isInvalidEncoding);
    });
  }
  await t.step("no message at all", () => {
    throws(() => decodeAlgorithm(null), isInvalidEncoding);
    throws(() => decodeAlgorithm(undefined), isInvalidEncoding);
  });
});
