import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { psa_key_attributes } from "../../../proto/generated/contracts.js";
import { DhFamily, EccFamily } from "../../psa/key_type.ts";
import { ResponseStatus, StatusError } from "../../status.ts";
import { decodeMessage, encodeMessage } from "../define_codec.ts";
import { KEY_TYPES } from "../../../tests/fakes/operation_samples.ts";
import { decodeKeyType, encodeKeyType } from "./key_type.ts";

const { KeyType } = psa_key_attributes;

Deno.test("decodeKeyType() gives back what encodeKeyType() was given, for every key type", () => {
  strictEqual(KEY_TYPES.length, 30);
  for (const type of KEY_TYPES) {
    const bytes = encodeMessage(KeyType, encodeKeyType(type));
    deepStrictEqual(decodeKeyType(decodeMessage(KeyType, bytes)), type);
  }
});

Deno.test("the numbers of the families are those of the contract", () => {
  const plain = (text: string) => text.replaceAll("_", "").toLowerCase();
  const named = Object.entries(EccFamily).map(([key, code]) => [plain(key), code]);
  const wanted = Object.entries(KeyType.EccFamily).map(([key, code]) => [plain(key), code]);
  deepStrictEqual(named, wanted.slice(1));
  strictEqual(DhFamily.Rfc7919, KeyType.DhFamily.RFC7919);
});

Deno.test("decodeKeyType() reads an absent Diffie-Hellman family as RFC 7919", () => {
  const message = decodeMessage(KeyType, Uint8Array.fromHex("6a00"));
  deepStrictEqual(decodeKeyType(message), { kind: "dh_key_pair", family: DhFamily.Rfc7919 });
});

Deno.test("decodeKeyType() refuses what has no meaning", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    "no member": "",
    "a curve family that is absent": "5a00",
    "curve family 0": "5a020800",
    "curve family 10": "6202080a",
    "Diffie-Hellman family 1": "6a020801",
    "a member that the contract does not have": "7a00",
  };
  for (const [name, hex] of Object.entries(cases)) {
    await t.step(name, () => {
      const message = decodeMessage(KeyType, Uint8Array.fromHex(hex));
      throws(
        () => decodeKeyType(message),
        (error) => error instanceof StatusError && error.status === ResponseStatus.InvalidEncoding,
      );
    });
  }
});
