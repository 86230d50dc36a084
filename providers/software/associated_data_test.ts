import assert from "node:assert/strict";
import { KEY_ATTRIBUTES } from "../../tests/fakes/operation_samples.ts";
import {
  decodeKeyAttributes,
  encodeKeyAttributes,
} from "../../src/operations/convert/key_attributes.ts";
import { AeadMode, type Algorithm } from "../../src/psa/algorithm.ts";
import { Hash } from "../../src/psa/hash.ts";
import type { KeyAttributes } from "../../src/psa/key_attributes.ts";
import type { KeyType } from "../../src/psa/key_type.ts";
import { type UsageFlag, usageFlags } from "../../src/psa/usage_flags.ts";
import { ATTRIBUTES, identity, type IdentityParts } from "../../tests/key_info_suite/suite.ts";
import { associatedData } from "./associated_data.ts";

const ID = new Uint8Array(16).fill(7);

function dataOf(parts: IdentityParts, attributes: KeyAttributes = ATTRIBUTES): string {
  return associatedData({ id: ID, identity: identity(parts), attributes }).toHex();
}

/** What stores hold depends on each byte of these: another encoding would make all their keys unusable. */
const ENCODINGS: readonly (readonly [KeyAttributes, string])[] = [
  [ATTRIBUTES, "0a045a0208021080021a100a04400148011208320622040a020a00"],
  [
    attributesOf({ kind: "rsa_public_key" }, 2048, ["encrypt"], {
      kind: "rsa_oaep",
      hash: Hash.Sha256,
    }),
    "0a024a001080101a0c0a02200112063a0412020807",
  ],
  [
    attributesOf({ kind: "aes" }, 128, ["encrypt", "decrypt", "export"], {
      kind: "aead",
      mode: AeadMode.Gcm,
    }),
    "0a0222001080011a0e0a0608012001280112042a020802",
  ],
  [
    attributesOf({ kind: "aes" }, 128, [], { kind: "aead", mode: AeadMode.Gcm, tagLength: 12 }),
    "0a0222001080011a0c0a0012082a0612040802100c",
  ],
  [
    attributesOf({ kind: "derive" }, 8, ["derive"], { kind: "hkdf", hash: Hash.Sha512 }),
    "0a021a0010081a0c0a02500112064a040a020809",
  ],
  [
    attributesOf({ kind: "raw_data" }, 65_528, [], { kind: "none" }),
    "0a020a0010f8ff031a060a0012020a00",
  ],
];

function attributesOf(
  type: KeyType,
  bits: number,
  usage: readonly UsageFlag[],
  permittedAlgorithm: Algorithm,
): KeyAttributes {
  return { type, bits, policy: { usageFlags: usageFlags(...usage), permittedAlgorithm } };
}

Deno.test("associatedData() has a known encoding", async (t) => {
  const names = { application: "é", uuid: "u", provider: "", key: "k" };
  const beginning = "0101" + "10000000" + "07".repeat(16) + "02000000c3a9" + "0100000075" +
    "00000000" + "010000006b";
  for (const [attributes, encoded] of ENCODINGS) {
    await t.step(`${attributes.type.kind}, ${attributes.policy.permittedAlgorithm.kind}`, () => {
      const length = (encoded.length / 2).toString(16).padStart(2, "0") + "000000";
      assert.equal(dataOf(names, attributes), beginning + length + encoded);
    });
  }
});

Deno.test("associatedData() is the same for attributes that come back from the key info store", () => {
  for (const attributes of KEY_ATTRIBUTES) {
    const stored = decodeKeyAttributes(encodeKeyAttributes(attributes));
    assert.equal(dataOf({}, stored), dataOf({}, attributes), JSON.stringify(attributes));
  }
});

Deno.test("associatedData() is another one for each key", () => {
  const meeting: readonly IdentityParts[] = [
    { uuid: "a", provider: "b" },
    { uuid: "ab", provider: "" },
    { uuid: "", provider: "ab" },
  ];
  assert.equal(new Set(meeting.map((parts) => dataOf(parts))).size, 3);
  const attributes = new Set(KEY_ATTRIBUTES.map((each) => encodeKeyAttributes(each).toHex()));
  const data = new Set(KEY_ATTRIBUTES.map((each) => dataOf({}, each)));
  assert.equal(data.size, attributes.size);
});
